import { staleAttempt } from '@/core/workers/refusals'
import { Problem } from '@/protocol/problem'
import type { TaskOfBackup } from './tasks'

/** Throws Problem `stale-attempt`, `believed-lost`, `cancelled` unless a worker's share of a backup may be completed. */
export function assertInHand({ state, backup }: TaskOfBackup): void {
  if (state === 'lost')
    throw new Problem({
      code: 'believed-lost',
      text: 'This backup was not heard of for so long that it counts as lost. It may be completed only after its events were taken.',
    })
  if (state !== 'running') throw staleAttempt()
  if (backup.cancelRequestedAt)
    throw new Problem({ code: 'cancelled', text: 'This backup is being cancelled, and is not completed any more.' })
}
