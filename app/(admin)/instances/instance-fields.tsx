import { SelectField, TextField } from '@/components/form/fields'
import type { Environment } from '@/protocol/names'

const environmentOptions = [
  { value: 'production', label: 'Production' },
  { value: 'testing', label: 'Testing (staging)' },
  { value: 'development', label: 'Development' },
]

/** What can be changed of an instance at any time. */
export function InstanceFields({ name, environment }: { name?: string; environment?: Environment }) {
  return (
    <>
      <TextField
        name="name"
        label="Name"
        description="Shown in the dashboard. It can be changed later."
        placeholder="Whole Tale production"
        maxLength={120}
        defaultValue={name}
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
