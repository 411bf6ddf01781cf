'use client'

import { ActionButton } from '@/components/form/action-button'
import { ActionForm } from '@/components/form/action-form'
import { SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { acknowledgeIncidentAction, releaseIncidentAction } from '@/app/(admin)/incidents/actions'

const choices = [
  { value: '0', label: 'until it is over' },
  { value: '4', label: 'for 4 hours' },
  { value: '24', label: 'for a day' },
  { value: '72', label: 'for three days' },
  { value: '168', label: 'for a week' },
]

/** Takes an incident on, with a reason that others read; or gives it back. */
export function AcknowledgeForm({ id, isAcknowledged }: { id: string; isAcknowledged: boolean }) {
  if (isAcknowledged)
    return (
      <ActionButton action={releaseIncidentAction} values={{ id }}>
        Remind again
      </ActionButton>
    )
  return (
    <ActionForm action={acknowledgeIncidentAction} className="space-y-4">
      <input type="hidden" name="id" value={id} />
      <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_12rem]">
        <TextField name="reason" label="Reason" placeholder="The remote is being moved until noon" maxLength={500} />
        <SelectField name="quietHours" label="No reminders" options={choices} />
      </div>
      <SubmitButton variant="secondary">Acknowledge</SubmitButton>
    </ActionForm>
  )
}
