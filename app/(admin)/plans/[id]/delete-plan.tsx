import { deletePlanAction } from '@/app/(admin)/plans/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Card } from '@/components/ui/card'
import type { PlanDetail } from '@/core/plans/get-plan'

/** Says what stays before it asks. */
export function DeletePlan({ plan }: { plan: PlanDetail }) {
  const stay =
    plan.backupsPresent === 0
      ? 'It has no backups on a remote.'
      : plan.backupsPresent === 1
        ? 'Its backup stays on the remote and can be restored; retention no longer deletes it.'
        : `Its ${plan.backupsPresent} backups stay on the remote and can be restored; retention no longer deletes them.`
  return (
    <Card title="Delete this plan" description={`No more runs. ${stay}`}>
      <ConfirmButton
        action={deletePlanAction}
        values={{ id: plan.id }}
        title={`Delete ${plan.settings.name}?`}
        question={`Nothing of ${plan.instance.name} is backed up by this plan any more. ${stay}`}
        confirmLabel="Delete plan"
        typedName={plan.slug}
      >
        Delete plan
      </ConfirmButton>
    </Card>
  )
}
