import { SelectField, TextareaField, TextField } from '@/components/form/fields'
import type { InstanceSettings } from '@/core/instances/schema'
import type { Environment } from '@/protocol/names'

const environmentOptions = [
  { value: 'production', label: 'Production' },
  { value: 'testing', label: 'Testing (staging)' },
  { value: 'development', label: 'Development' },
]

/** Who an instance is, for people. */
export function InstanceFields({ name, environment }: { name?: string; environment?: Environment }) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        description="Shown in the dashboard, in any script. It can be changed later."
        placeholder="Whole Tale production"
        maxLength={120}
        defaultValue={name}
        dir="auto"
        required
      />
      <SelectField
        name="environment"
        label="Environment"
        description="Production comes first in the overview, and is guarded more strictly."
        options={environmentOptions}
        defaultValue={environment ?? 'production'}
      />
    </>
  )
}

/** What a person wants to know at 3 a.m., and what new plans begin with. */
export function InstanceSettingsFields({
  settings,
  timeZones,
}: {
  settings: Pick<InstanceSettings, 'timeZone' | 'ownerContact' | 'rpoHours' | 'rtoHours' | 'notes'>
  timeZones: string[]
}) {
  return (
    <>
      <SelectField
        name="timeZone"
        label="Time zone"
        description="New plans of this instance begin with it. Plans that exist keep theirs."
        options={[
          { value: '', label: 'None chosen' },
          ...timeZones.map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') })),
        ]}
        defaultValue={settings.timeZone ?? ''}
      />
      <TextField
        name="ownerContact"
        label="Owner"
        optional
        description="Who decides about this instance, and how to reach them."
        placeholder="Data services, +1 217 555 0100, oncall@example.org"
        maxLength={500}
        defaultValue={settings.ownerContact ?? ''}
        dir="auto"
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          name="rpoHours"
          label="Hours of work that may be lost"
          optional
          description="Recovery point objective (RPO): the last good backup should never be older."
          inputMode="numeric"
          placeholder="24"
          defaultValue={settings.rpoHours ?? ''}
        />
        <TextField
          name="rtoHours"
          label="Hours that a restore may take"
          optional
          description="Recovery time objective (RTO), from the decision to a running instance."
          inputMode="numeric"
          placeholder="8"
          defaultValue={settings.rtoHours ?? ''}
        />
      </div>
      <TextareaField
        name="notes"
        label="Notes"
        optional
        description="Markdown: headings, lists, links. Never write a password here."
        defaultValue={settings.notes ?? ''}
        maxLength={20_000}
        className="min-h-40"
        dir="auto"
      />
    </>
  )
}
