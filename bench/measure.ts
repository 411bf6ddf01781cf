import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

export type Measurement = { seconds: number; cpuSeconds: number }

/** Told of each line that a measured command prints, to either stream, and of the seconds since its start. */
export type OnLine = (line: string, seconds: number) => void

/**
 * Runs a shell command line to its end. CPU seconds are those of every process of it, as bash's `times` counts them.
 * What was written before lies on the disk when it begins, so that it does not wait for another's writes. Throws when it does not
 * exit 0.
 */
export async function measureTime(commandLine: string, onLine?: OnLine): Promise<Measurement> {
  spawnSync('sync')
  const start = performance.now()
  const times = await runShell(`set -o pipefail\n{ ${commandLine}\n} >&2 || exit 1\ntimes`, onLine)
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: cpuSecondsOf(times) }
}

/** Runs a command line to its end while `watch` looks at its processes; what that returns is called at the end. */
export async function runWatched(commandLine: string, watch: (pid: number) => () => void): Promise<void> {
  await runShell(`set -o pipefail\n{ ${commandLine}\n} >&2`, undefined, watch)
}

/** Returns stdout; every line of stderr goes to `onLine`. */
function runShell(script: string, onLine?: OnLine, watch?: (pid: number) => () => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    const stopWatching = child.pid ? watch?.(child.pid) : undefined
    let [stdout, lastLines] = ['', '']
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    createInterface({ input: child.stderr }).on('line', (line) => {
      lastLines = `${lastLines}${line}\n`.slice(-10_000)
      onLine?.(line, (performance.now() - start) / 1000)
    })
    child.once('error', reject)
    child.once('close', (exitCode) => {
      stopWatching?.()
      if (exitCode === 0) resolve(stdout)
      else reject(new Error(`${script}\nended with exit code ${exitCode}:\n${lastLines}`))
    })
  })
}

/** bash prints `0m1.234s 0m0.567s` for itself and, on the second line, for its children. */
function cpuSecondsOf(times: string): number {
  return [...times.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  )
}

/** The smallest value that so many of all do not exceed: `share` 0.95 for the 95th percentile. */
export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
