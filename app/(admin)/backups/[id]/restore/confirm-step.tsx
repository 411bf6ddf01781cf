'use client'

import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import { ChoiceBox } from '@/components/form/choice-box'
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
  const ambers = check.lines.filter(({ level }) => level === 'amber')
  const [ticked, setTicked] = useState<string[]>([])
  const { slug, environment } = target.instance
  return (
    <Card title="4. Confirm">
      <ActionForm action={confirmRestoreAction}>
        <input type="hidden" name="checkId" value={check.id} />
        {ambers.length > 0 && (
          <fieldset className="space-y-4">
            <legend className="mb-3 font-medium text-sm">I have seen, and accept:</legend>
            {ambers.map(({ name, text, action }) => (
              <ChoiceBox
                key={name}
                name="accepted"
                value={name}
                label={text}
                description={action}
                checked={ticked.includes(name)}
                onChange={({ currentTarget: { checked } }) =>
                  setTicked((before) => (checked ? [...before, name] : before.filter((one) => one !== name)))
                }
              />
            ))}
          </fieldset>
        )}
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
        <SubmitButton disabled={ambers.some(({ name }) => !ticked.includes(name))}>
          {isInPlace ? 'Restore in place' : 'Restore beside'}
        </SubmitButton>
      </ActionForm>
    </Card>
  )
}
