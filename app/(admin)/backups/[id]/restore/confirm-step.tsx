'use client'

import { AcceptLines } from '@/components/form/accept-lines'
import { ActionForm } from '@/components/form/action-form'
import { TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import type { RestoreCheck } from '@/core/restores/check-restore'
import { needsSlug } from '@/core/restores/restore-rules'
import { confirmRestoreAction } from './actions'
import type { Chosen } from './restore-wizard'

/** Ticks for all that is amber, the reason, and the instance's slug where it must be typed. */
export function ConfirmStep({
  check,
  target,
  isOther,
  isInPlace,
}: {
  check: RestoreCheck
  target: Chosen['target']
  isOther: boolean
  isInPlace: boolean
}) {
  const { slug, environment } = target.instance
  return (
    <Card title="4. Confirm">
      <ActionForm action={confirmRestoreAction}>
        <input type="hidden" name="checkId" value={check.id} />
        <AcceptLines
          lines={check.lines}
          fields={
            <>
              <TextField
                name="reason"
                label="Reason"
                placeholder="A file was deleted by mistake"
                description="Kept in the audit log and in the receipt."
              />
              {needsSlug({ environment, isOther, isInPlace }) && (
                <TextField
                  name="typedSlug"
                  label={`Type ${slug} to confirm`}
                  spellCheck={false}
                  autoCapitalize="none"
                  description={
                    isInPlace
                      ? 'Production is exchanged in place.'
                      : 'The data of another instance goes onto a host of production.'
                  }
                />
              )}
            </>
          }
          button={(isAllTicked) => (
            <SubmitButton disabled={!isAllTicked}>{isInPlace ? 'Restore in place' : 'Restore beside'}</SubmitButton>
          )}
        />
      </ActionForm>
    </Card>
  )
}
