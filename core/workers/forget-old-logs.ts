import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { controlPlaneEnv } from '@/lib/env'

const keptMilliseconds = 400 * 86_400_000

/** Removes logs of runs that nothing was added to for 400 days, so that their folder does not grow for ever. */
export async function forgetOldLogs(now = new Date()): Promise<void> {
  const folder = join(controlPlaneEnv().dataFolder, 'logs')
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    const modified = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (name.endsWith('.log') && now.getTime() - modified > keptMilliseconds) rmSync(file, { force: true })
  }
}
