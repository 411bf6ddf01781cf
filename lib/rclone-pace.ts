/** How fast and how often a remote may be asked; null or absent: as rclone and we have it. */
export type RclonePace = {
  /** rclone's --bwlimit: a rate, or a timetable of them */
  bandwidth?: string | null | undefined
  /** uploads, or pieces of one, at the same time */
  transfers?: number | null | undefined
  callsPerSecond?: number | null | undefined
}

const units: Record<string, number> = { B: 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }
const usualTransfers = 2

/** Flags for every call of rclone. A number of calls that somebody has set holds from the first on. */
export function callPace({ transfers, callsPerSecond }: RclonePace): string[] {
  const many = transfers ?? usualTransfers
  const limit = callsPerSecond ? [`--tpslimit=${callsPerSecond}`, '--tpslimit-burst=1'] : []
  return [`--transfers=${many}`, `--checkers=${many}`, ...limit]
}

/** Flags for what moves bytes: of a timetable and a fixed limit, the lower holds at each hour. */
export function bandwidthPace({ bandwidth }: RclonePace, bytesPerSecond: number | null | undefined): string[] {
  if (!bandwidth) return bytesPerSecond ? [`--bwlimit=${bytesPerSecond}B`] : []
  if (!bytesPerSecond) return [`--bwlimit=${bandwidth}`]
  const lowered = bandwidth.split(' ').map((entry) => {
    const [rates = '', time] = entry.split(',').reverse()
    const lower = rates.split(':').map((rate) => `${Math.min(rateOf(rate), bytesPerSecond)}B`)
    return [...(time ? [time] : []), lower.join(':')].join(',')
  })
  return [`--bwlimit=${lowered.join(' ')}`]
}

function rateOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([BKMG])$/i.exec(text)
  return match ? Math.floor(Number(match[1]) * (units[(match[2] ?? '').toUpperCase()] ?? 1)) : Number.POSITIVE_INFINITY
}
