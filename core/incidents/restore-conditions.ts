import { isOpen } from '@/core/restores/is-open'
import type { ProblemFacts } from '@/protocol/problem'
import type { Condition, Found } from './condition'
import { bytesInWords, momentInWords, spanInWords } from './words'

type KeptBeside = {
  state: 'swapped' | 'undone'
  at: Date
  bytes: number
  /** it is removed by itself then; null: only by hand */
  dropAt: Date | null
  /** it is being undone or dropped at this moment */
  isEnding: boolean
}

export type WatchedRestore = {
  id: string
  instance: { id: string; name: string }
  state: 'queued' | 'running' | 'succeeded' | 'warning' | 'failed' | 'cancelled' | 'lost' | 'skipped'
  /** when the backup was made that is put back */
  backupAt: Date
  requestedAt: Date
  finishedAt: Date | null
  problem: ProblemFacts | null
  /** of its scratch places some are still there */
  isLeft: boolean
  /** of a restore in place: what it keeps beside, and since when; null: nothing, or it is beside as a whole */
  kept: KeptBeside | null
  /** of a refresh, whose next run drops what it keeps beside */
  isOfRefresh: boolean
  /** the newest of its instance */
  isNewest: boolean
}

const dayMilliseconds = 86_400_000
/** A failed restore that nobody repeated is old news after so long. */
const failureDays = 7
/** What a restore left beside the data is forgotten by then. */
const leftDays = 7
/** A second copy of the data that nobody dropped after so long takes its room for nothing. */
const longLeftDays = 30

export function restoreConditions(restore: WatchedRestore, now: Date): Condition[] {
  const { id, instance, state, requestedAt, finishedAt } = restore
  const common = { subject: `restore:${id}`, href: `/restores/${id}`, instanceIds: [instance.id] }
  const what = `A restore of ${instance.name}, out of the backup of ${momentInWords(restore.backupAt)},`
  const endedDaysAgo = finishedAt ? (now.getTime() - finishedAt.getTime()) / dayMilliseconds : null
  const found: Omit<Condition, keyof typeof common>[] = []
  if (isOpen(state))
    found.push({
      kind: 'restore-running',
      severity: 'notice',
      title: `${what} is under way`,
      text: `It was asked for at ${momentInWords(requestedAt)}.`,
      meaning: 'Backup and restore of one instance exclude each other: its backups may wait.',
      action: 'Nothing, if you know of it. Its page shows how far it is.',
      since: requestedAt,
    })
  if ((state === 'failed' || state === 'lost') && restore.isNewest && (endedDaysAgo ?? 0) < failureDays)
    found.push({
      kind: 'restore-failed',
      severity: 'warning',
      title: `${what} ${state === 'lost' ? 'was lost' : 'failed'}`,
      text: restore.problem?.text ?? 'It ended before everything was compared.',
      meaning: 'What it wrote cannot be relied on.',
      action: restore.problem?.action ?? 'Open it, read its log, and ask for it again.',
      since: finishedAt,
    })
  if (restore.isLeft && endedDaysAgo !== null && endedDaysAgo >= leftDays)
    found.push({
      kind: 'restored-left',
      severity: 'notice',
      title: `What a restore of ${instance.name} wrote still lies there`,
      text: `It ended ${spanInWords(now.getTime() - (finishedAt ?? now).getTime())} ago, and its files were not removed.`,
      meaning: 'They take space on the host, and hold data as secret as the instance’s own.',
      action: 'Remove them on the restore’s page once you have what you need.',
      since: finishedAt,
    })
  return [...found, ...keptBeside(restore, now)].map((condition) => ({ ...common, ...condition }))
}

/**
 * That a restore was undone is told at once; that the old, or after an undo the restored, still lies beside, after a week. Whoever set
 * a day for it is not reminded before that day, and nobody of what a refresh drops before its next run.
 */
function keptBeside({ kept, isOfRefresh, instance, backupAt }: WatchedRestore, now: Date): Found[] {
  if (!kept) return []
  const { state, at, bytes, dropAt, isEnding } = kept
  const isScheduled = dropAt !== null && dropAt > now
  const daysAgo = (now.getTime() - at.getTime()) / dayMilliseconds
  const beside = `${state === 'undone' ? 'What it had restored' : 'What stood there before'} lies beside, and takes ${bytesInWords(bytes)}.`
  if (state === 'undone' && daysAgo < leftDays)
    return [
      {
        kind: 'restore-undone',
        severity: 'notice',
        title: `A restore of ${instance.name}, out of the backup of ${momentInWords(backupAt)}, was undone`,
        text: `At ${momentInWords(at)} everything was put back as it was before the restore. ${beside}`,
        meaning: 'The instance works with its former data again; what was written between is in what lies beside.',
        action: isScheduled
          ? `Nothing: what lies beside is dropped by itself at ${momentInWords(dropAt)}.`
          : 'Drop what lies beside on the restore’s page once nobody needs it.',
        since: at,
      },
    ]
  if (daysAgo < leftDays || isScheduled || isEnding || isOfRefresh) return []
  return [
    {
      kind: 'restored-left',
      severity: daysAgo < longLeftDays ? 'notice' : 'warning',
      title: `A restore of ${instance.name} keeps a second copy of the data`,
      text: `It was ${state === 'undone' ? 'undone' : 'put in place'} ${spanInWords(now.getTime() - at.getTime())} ago. ${beside}`,
      meaning: 'It takes space on the host. As long as it lies there, the restore can still be turned round.',
      action: 'Drop it on the restore’s page once nobody needs it.',
      since: at,
    },
  ]
}
