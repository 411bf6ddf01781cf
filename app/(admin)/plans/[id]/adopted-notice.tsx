import { takeOverAdoptedAction } from '@/app/(admin)/plans/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Notice } from '@/components/ui/notice'
import { countAdopted } from '@/core/plans/take-over-adopted'

type Plan = { id: string; slug: string; instance: { id: string } }

/** Backups of a plan of the same slug that were found on a remote: retention leaves them alone until an administrator says so. */
export async function AdoptedNotice({ plan, mayTake }: { plan: Plan; mayTake: boolean }) {
  const count = await countAdopted({ instanceId: plan.instance.id, slug: plan.slug })
  if (count === 0) return null
  const backups = count === 1 ? 'One backup' : `${count} backups`
  return (
    <Notice
      tone="accent"
      title={`${backups} of a plan “${plan.slug}” ${count === 1 ? 'was' : 'were'} found on a remote`}
    >
      <div className="space-y-3 text-text">
        <p>They can be restored. Neither retention nor health counts them yet.</p>
        {mayTake && (
          <ConfirmButton
            action={takeOverAdoptedAction}
            values={{ id: plan.id }}
            danger={false}
            size="sm"
            title={`Make ${count === 1 ? 'it' : 'them'} this plan’s?`}
            question="From then on this plan’s retention counts them, and deletes, a few at a time, those that it need not keep any longer."
            confirmLabel="Make them this plan’s"
          >
            Make {count === 1 ? 'it' : 'them'} this plan’s…
          </ConfirmButton>
        )}
      </div>
    </Notice>
  )
}
