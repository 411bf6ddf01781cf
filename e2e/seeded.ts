import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { PicturedPage } from '@/scripts/screenshots/list-pages'

export type SeededDashboard = { url: string; firstRunUrl: string; pages: PicturedPage[]; stop: () => Promise<void> }

/** A dashboard of its own with something to see on every page, on which nothing changes by itself. */
export async function startSeeded(): Promise<SeededDashboard> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/screenshots/serve-seeded.ts'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const [line] = await Promise.race([
    new Promise<string[]>((resolve) => createInterface(child.stdout).once('line', (text) => resolve([text]))),
    ended.then((): string[] => []),
  ])
  if (!line) throw new Error('the seeded dashboard did not start')
  const stop = () => {
    child.stdin.end()
    return ended
  }
  return { ...(JSON.parse(line) as Omit<SeededDashboard, 'stop'>), stop }
}
