import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'

/**
 * A clock that nobody sets (CLOCK_MONOTONIC): the same in all processes of this host, and comparable only within one boot.
 * A host that sleeps does not count that time.
 */
export type SteadyTime = { bootId: string; seconds: number }

let bootId: string | undefined

export function steadyNow(): SteadyTime {
  bootId ??= readBootId()
  return { bootId, seconds: Number(process.hrtime.bigint() / 1_000_000n) / 1000 }
}

/** Where the system names no boot, each process counts as one of its own: times of another are then never compared. */
function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return randomUUID()
  }
}
