import { letGoAction } from '@/app/(admin)/restores/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Notice } from '@/components/ui/notice'
import type { RestoreDetail } from '@/core/restores/get-restore'

/** A lost restore may still be at work: until its worker says how it ended, or a person that it never will, nothing else begins. */
export function HeldInstance({ restore: { id, instance }, mayFree }: { restore: RestoreDetail; mayFree: boolean }) {
  return (
    <Notice tone="warning" title={`It still holds ${instance.name}: no backup of it begins`}>
      <p className="text-text">
        Start its worker: it leads the restore to an end by itself, and says how. Where it will never come back, let go
        of the instance, and look there at what stands in place.
      </p>
      {mayFree && (
        <ConfirmButton
          action={letGoAction}
          values={{ id }}
          size="sm"
          title={`Let go of ${instance.name}?`}
          question="Only where this worker will never run again. Should it still be in the middle of the exchange, a backup would hold half of each."
          typedName={instance.slug}
          confirmLabel="Let go"
        >
          Let go of the instance
        </ConfirmButton>
      )}
    </Notice>
  )
}
