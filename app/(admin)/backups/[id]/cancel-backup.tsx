import { cancelBackupAction } from '@/app/(admin)/backups/actions'
import { ConfirmButton } from '@/components/form/confirm-button'

export function CancelBackup({ id }: { id: string }) {
  return (
    <ConfirmButton
      action={cancelBackupAction}
      values={{ id }}
      title="Cancel this backup?"
      question="What it has uploaded so far is removed. Earlier backups are not touched, and the plan’s next run comes as planned."
      confirmLabel="Cancel backup"
    >
      Cancel backup
    </ConfirmButton>
  )
}
