import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoOptions } from './options'

/** Makes this process the only demo on the folder, after emptying it where asked. Ends the process when another one runs. */
export function holdFolder({ folder, reset }: DemoOptions): void {
  const pidFile = join(folder, 'demo.pid')
  const other = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0
  if (other && isDemo(other)) {
    console.error(`A demo runs already (process ${other}). Stop it with Ctrl-C in its terminal first.`)
    process.exit(1)
  }
  if (reset) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(pidFile, String(process.pid))
  process.once('exit', () => rmSync(pidFile, { force: true }))
}

function isDemo(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('scripts/demo.ts')
  } catch {
    return false
  }
}
