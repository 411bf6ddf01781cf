/** A good backup of one plan on one remote, as retention sees it. */
export type KeptBackup = {
  id: string
  /** the database's order; clocks do not count */
  sequence: number
  finishedAt: Date
  pinned: boolean
  /** read by a restore, or being deleted already */
  busy: boolean
}

export type RetentionInput = {
  /** good backups only: foreign ones, safety backups and those that failed neither count nor are touched here */
  backups: KeptBackup[]
  keepDays: number
  now: Date
  /** the shrink guard stands */
  held: boolean
  /** a worker's clock and ours differ by five minutes or more */
  clocksDisagree: boolean
  /** sequence of the newest backup that the last deletion counted with; 0: there was none */
  countedUpTo: number
}

const dayMilliseconds = 86_400_000

/** Each new backup usually takes the place of one, and one more may go: a backlog drains slowly, and is never rotated out at once. */
const mostPerRun = 2

/**
 * Which backups to delete: those older than `keepDays` before the newest, oldest first, two at most. Pure. Never the newest,
 * nor anything pinned, nor anything when retention stands still; and where nothing new came in, nothing goes.
 */
export function chooseDeletions(input: RetentionInput): string[] {
  const ordered = input.backups.toSorted((a, b) => a.sequence - b.sequence)
  const newest = ordered.at(-1)
  if (!newest || input.held || input.clocksDisagree) return []
  if (newest.sequence <= input.countedUpTo) return []
  // as of the newest backup: a plan that stands still, or a clock that leapt ahead, never empties the remote
  const reference = Math.min(input.now.getTime(), newest.finishedAt.getTime())
  const bound = reference - input.keepDays * dayMilliseconds
  return ordered
    .slice(0, -1)
    .filter((backup) => !backup.pinned && !backup.busy && backup.finishedAt.getTime() < bound)
    .slice(0, mostPerRun)
    .map((backup) => backup.id)
}
