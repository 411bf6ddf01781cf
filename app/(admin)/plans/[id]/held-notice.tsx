import { acceptHeldAction } from '@/app/(admin)/plans/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Time } from '@/components/time'
import { Notice } from '@/components/ui/notice'
import type { PlanDetail } from '@/core/plans/get-plan'

/** The shrink guard holds: why, and the button by which a person says that it is as it should be. */
export function HeldNotice({
  planId,
  held,
  mayAccept,
}: {
  planId: string
  held: NonNullable<PlanDetail['held']>
  mayAccept: boolean
}) {
  return (
    <Notice
      tone="warning"
      title="A backup is much smaller than the one before: nothing old is deleted until a person has looked"
    >
      <div className="space-y-3 text-text">
        <ul className="list-disc space-y-0.5 pl-5">
          {held.reasons.map((reason) => (
            <li key={reason} className="break-words">
              {reason}
            </li>
          ))}
        </ul>
        <p className="text-muted">
          Since <Time at={held.at} />. Backups go on; all older ones are kept meanwhile.
        </p>
        {mayAccept && (
          <ConfirmButton
            action={acceptHeldAction}
            values={{ id: planId, heldAt: held.at.toISOString() }}
            danger={false}
            size="sm"
            title="Accept the smaller backups?"
            question="Say yes only when you know why data is gone. The plan then deletes old backups again, also those that still hold what is missing now."
            confirmLabel="Accept"
          >
            This is as it should be…
          </ConfirmButton>
        )}
      </div>
    </Notice>
  )
}
