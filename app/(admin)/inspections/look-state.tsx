import { CircleX } from 'lucide-react'
import { ActionButton } from '@/components/form/action-button'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { Look } from '@/core/inspections/list-remote-looks'
import { cancelInspectionAction } from './actions'
import { FollowLook } from './follow-look'

const underWayWords = {
  listing: 'Comparing what lies there with the catalogue.',
  readBack: 'Reading every part back.',
  adoption: 'Taking over what was found.',
} as const

/** A look that is under way, and the button that ends it. */
export function OpenLook({ look, mayCancel }: { look: Look; mayCancel: boolean }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm" role="status">
      <FollowLook />
      <StatusBadge state={look.state} />
      <span>{look.cancelRequested ? 'Being cancelled.' : underWayWords[look.kind]}</span>
      <span className="text-muted">
        Asked for <Time at={look.requestedAt} />
      </span>
      {mayCancel && !look.cancelRequested && (
        <ActionButton action={cancelInspectionAction} values={{ inspectionId: look.id }} size="sm" variant="ghost">
          <CircleX aria-hidden />
          Cancel look
        </ActionButton>
      )}
    </div>
  )
}

/** Why the last look ended without an answer; nothing where it has one. */
export function FailedLook({ look }: { look: Look }) {
  if (look.state === 'cancelled' && !look.problem)
    return (
      <p className="text-muted text-sm">
        The last look was cancelled <Time at={look.finishedAt ?? look.requestedAt} />, before it came to an end.
      </p>
    )
  if (!look.problem) return null
  return <ProblemAlert problem={look.problem} title="The last look did not come to its end, so it says nothing" />
}
