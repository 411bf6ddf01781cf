import { AcceptLines } from '@/components/form/accept-lines'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { CheckLines } from '@/components/run/check-lines'
import { Card } from '@/components/ui/card'
import type { OlderPlace } from '@/core/restores/find-older-file'
import { needsSlug } from '@/core/restores/restore-rules'
import { requestOlderRestoreAction } from './actions'
import type { ChosenOlder } from './older-wizard'

/** Ticks for all that is amber, the reason, and the instance's slug where it must be typed. */
export function OlderConfirm({
  place,
  resolved: { lines, target, mongodbSourceId, isOther },
  folder,
  isStopped,
}: {
  place: OlderPlace
  resolved: ChosenOlder
  folder: string | null
  isStopped: boolean
}) {
  const { slug, environment } = target.instance
  const others = lines.filter(({ level }) => level !== 'amber')
  const isRed = lines.some(({ level }) => level === 'red')
  const hidden = { ...place, workerId: target.id, mongodbSourceId, folder }
  return (
    <Card
      title="3. Confirm"
      description="Before it writes anything, the worker looks at its policy, the folder and the prefix. A damaged file is refused as a whole, and leaves nothing."
    >
      <div className="space-y-5">
        {others.length > 0 && <CheckLines lines={others} />}
        <ActionForm action={requestOlderRestoreAction}>
          {Object.entries(hidden).map(
            ([name, value]) => value !== null && <input key={name} type="hidden" name={name} value={value} />,
          )}
          <AcceptLines
            lines={lines}
            fields={
              <>
                <TextField
                  name="reason"
                  label="Reason"
                  placeholder="A file of long ago is wanted"
                  description="Kept in the audit log and in the receipt."
                />
                {needsSlug({ environment, isOther }) && (
                  <TextField
                    name="typedSlug"
                    label={`Type ${slug} to confirm`}
                    spellCheck={false}
                    autoCapitalize="none"
                    description="The data of another instance goes onto a host of production."
                  />
                )}
              </>
            }
            button={(isAllTicked) => (
              <SubmitButton disabled={!isAllTicked || isRed || isStopped}>Restore beside</SubmitButton>
            )}
          />
        </ActionForm>
      </div>
    </Card>
  )
}
