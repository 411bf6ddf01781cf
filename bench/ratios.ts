import { median } from './measure'
import type { Peer } from './peers'
import { limitBytesPerSecond, medianOf, type Rounds } from './rounds'

export type Ratio = {
  what: string
  ourSeconds: number
  ourCpuSeconds: number | null
  otherSeconds: number
  otherCpuSeconds: number | null
  ratio: number
  /** null: shown for comparison only */
  goal: number | null
}

/** The figures that the project promises, and those beside them. */
export function ratiosOf(rounds: Rounds): Ratio[] {
  const backup = medianOf(rounds.backup)
  const files = { seconds: median(rounds.backup.map(({ filesSeconds }) => filesSeconds)), cpuSeconds: null }
  const restore = medianOf(rounds.restore)
  const restoreOnly = {
    seconds: median(rounds.restore.map(({ secondsWithoutComparison }) => secondsWithoutComparison)),
    cpuSeconds: null,
  }
  const limited = medianOf(rounds.limitedBackup)
  const onTheLine = {
    seconds: median(rounds.limitedBackup.map(({ bytes }) => bytes)) / limitBytesPerSecond,
    cpuSeconds: null,
  }
  const against = (peer: Peer, what: string, ours: Sides, goal: number | null): Ratio[] => {
    const measurements = rounds.peers.get(peer)
    return measurements ? [ratio(what, ours, medianOf(measurements), goal)] : []
  }
  return [
    ...against('pipe with cat', 'backup ÷ tar | cat | zstd | cat', backup, 1.15),
    ...against('pipe with cat', 'its files phase alone ÷ the same', files, null),
    ...against('bare pipe', 'backup ÷ tar | zstd', backup, null),
    ...against('tar, gzip, rclone', 'backup ÷ tar | gzip, then rclone copy', backup, 0.2),
    ...against('restic', 'backup ÷ restic backup', backup, 1),
    ratio('backup at 50 MB/s ÷ its bytes at 50 MB/s', limited, onTheLine, 1.1),
    ...against('zstd -d, tar x', 'restore without comparison ÷ zstd -d | tar x', restoreOnly, 1.3),
    ...against('zstd -d, tar x', 'restore with comparison ÷ the same', restore, null),
  ]
}

type Sides = { seconds: number; cpuSeconds: number | null }

function ratio(what: string, ours: Sides, other: Sides, goal: number | null): Ratio {
  return {
    what,
    ourSeconds: ours.seconds,
    ourCpuSeconds: ours.cpuSeconds,
    otherSeconds: other.seconds,
    otherCpuSeconds: other.cpuSeconds,
    ratio: ours.seconds / other.seconds,
    goal,
  }
}
