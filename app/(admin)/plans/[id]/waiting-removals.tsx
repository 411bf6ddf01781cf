import Link from 'next/link'
import { removeWaitingAction } from '@/app/(admin)/plans/actions'
import { Bytes } from '@/components/bytes'
import { ConfirmButton } from '@/components/form/confirm-button'
import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import type { WaitingRemovals as Waiting } from '@/core/prunes/list-waiting-removals'

const shownAtMost = 20

/** What no rule keeps any more and is still on a remote: when it goes, or what holds it, and the one click that lets it go. */
export function WaitingRemovals({
  planId,
  held,
  removals,
  mayAccept,
}: {
  planId: string
  /** by the shrink guard */
  held: boolean
  removals: Waiting[]
  mayAccept: boolean
}) {
  return removals
    .filter(({ waiting, uncopied, underWay }) => waiting.length + uncopied + underWay > 0)
    .map((removal) => {
      const { remote, waiting, uncopied, underWay, hold } = removal
      const bytes = waiting.reduce((sum, backup) => sum + backup.bytes, 0)
      const isFree = !held && hold === null
      return (
        <Card
          key={remote.id}
          title="Waiting to be removed"
          description={`From ${remote.name}${waiting.length === 0 ? '' : `: ${waiting.length === 1 ? 'one backup' : `${waiting.length} backups`}, ${formatBytes(bytes)}`}.`}
          actions={
            mayAccept &&
            isFree &&
            waiting.length > 0 && (
              <ConfirmButton
                action={removeWaitingAction}
                values={{ id: planId, remoteId: remote.id, backupIds: waiting.map(({ id }) => id).join(',') }}
                size="sm"
                title={`Remove ${waiting.length === 1 ? 'this backup' : `these ${waiting.length} backups`} now?`}
                question={`They are removed from ${remote.name} at once, instead of two with each new backup. Nothing brings them back.`}
                confirmLabel="Remove now"
              >
                Remove all now…
              </ConfirmButton>
            )
          }
        >
          <div className="space-y-3 text-sm">
            <p>
              {(waiting.length > 0 || held || hold !== null) && holdWords(removal, held)}
              {underWay > 0 && ` ${underWay} more ${underWay === 1 ? 'is' : 'are'} being removed.`}
              {uncopied > 0 &&
                ` ${uncopied} more ${uncopied === 1 ? 'stays' : 'stay'} until ${uncopied === 1 ? 'it is' : 'they are'} copied to another remote of this plan.`}
            </p>
            <ul className="columns-1 gap-8 sm:columns-2">
              {waiting.slice(0, shownAtMost).map(({ id, at, bytes: size }) => (
                <li key={id} className="flex min-h-7 items-center justify-between gap-3">
                  <Link
                    href={`/backups/${id}`}
                    className="inline-flex min-h-7 items-center underline-offset-4 hover:underline"
                  >
                    <Time at={at} plain />
                  </Link>
                  <span className="text-muted">
                    <Bytes value={size} />
                  </span>
                </li>
              ))}
            </ul>
            {waiting.length > shownAtMost && <p className="text-muted">and {waiting.length - shownAtMost} more</p>}
          </div>
        </Card>
      )
    })
}

function holdWords({ hold }: Waiting, held: boolean): string {
  if (held)
    return 'Held: the shrink guard found a backup much smaller than the one before. Accept or repair that first.'
  if (hold && 'workerAway' in hold) return 'Held: this plan has no active worker that could remove them.'
  if (hold) {
    const clocks = hold.clocks.map(
      ({ worker, skewSeconds }) =>
        `that of ${worker} is ${formatDuration(Math.abs(skewSeconds))} ${skewSeconds > 0 ? 'ahead' : 'behind'}`,
    )
    return `Held: clocks disagree (${clocks.join(', ')}). They go on by themselves once the clocks are right.`
  }
  return 'Two of them go with each new backup, the oldest first.'
}
