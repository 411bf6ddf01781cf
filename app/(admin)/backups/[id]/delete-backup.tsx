import { deleteBackupAction } from '@/app/(admin)/backups/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { CheckboxField } from '@/components/form/fields'
import { formatAbsolute } from '@/components/format-time'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { BackupDeletion } from '@/core/backups/get-backup-deletion'

/** Says what goes, what is left to fall back on, and why it may not go, before it asks. */
export function DeleteBackup({ id, deletion }: { id: string; deletion: BackupDeletion }) {
  const { name, obstacle, isLastGood, asked } = deletion
  const isGoing = asked?.state === 'queued' || asked?.state === 'running'
  return (
    <Card
      title="Delete this backup"
      description="From every remote that holds it. What was found out about it stays on this page."
      className="print:hidden"
    >
      <div className="space-y-4">
        {isGoing && (
          <Notice tone="running">
            <p>{asked.state === 'queued' ? 'Waiting for the worker to delete it.' : 'Being deleted at this moment.'}</p>
          </Notice>
        )}
        {asked && !isGoing && <UnfinishedDeletion asked={asked} />}
        {obstacle && !isGoing && (
          <Notice>
            <p>
              {obstacle.text} {obstacle.action}
            </p>
          </Notice>
        )}
        {!obstacle && !isGoing && (
          <ConfirmButton
            action={deleteBackupAction}
            values={{ id }}
            title="Delete this backup for good?"
            question={questionOf(deletion)}
            confirmLabel="Delete backup"
            typedName={name}
            fields={isLastGood && <CheckboxField name="lastGood" label="The last good backup of this plan may go" />}
          >
            Delete backup
          </ConfirmButton>
        )}
      </div>
    </Card>
  )
}

/** A deletion that its worker left out, could not do, or was never heard of again. */
function UnfinishedDeletion({ asked }: { asked: NonNullable<BackupDeletion['asked']> }) {
  if (asked.problem) return <ProblemAlert problem={asked.problem} />
  const text =
    asked.state === 'cancelled'
      ? 'It was to be deleted, but was needed again when its turn came: it became the last good backup, was pinned, or a restore began to read it.'
      : 'Its deletion was begun and did not come to its end. Part of it may be gone from the remote.'
  return (
    <Notice tone="warning">
      <p>{text}</p>
    </Notice>
  )
}

function questionOf({ isLastGood, goodBefore }: BackupDeletion): string {
  const end = 'Its files are removed from the remote, and nothing can bring them back.'
  if (!isLastGood) return `${end} Newer good backups of the plan stay.`
  if (!goodBefore) return `${end} It is the only good backup of its plan: afterwards nothing is left to restore from.`
  return `${end} It is the last good backup of its plan: afterwards the newest is that of ${formatAbsolute(goodBefore, 'UTC')}.`
}
