import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'

/** What a reader of old results must know to compare them. */
export function describeMachine() {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    hasShaInstructions: /\bsha_ni\b|\bsha2\b/.test(readFileSync('/proc/cpuinfo', 'utf8')),
    memoryMebibytes: Math.round(totalmem() / 1024 ** 2),
    kernel: `${release()} ${arch()}`,
    node: process.version,
    tar: firstLine('tar', '--version'),
    zstd: firstLine('zstd', '--version'),
    rclone: firstLine('rclone', 'version'),
    restic: firstLine('restic', 'version'),
  }
}

/** Of the last minute: how much else went on. */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}

function firstLine(program: string, argument: string): string | null {
  try {
    return (
      execFileSync(program, [argument], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      null
    )
  } catch {
    return null // not installed
  }
}
