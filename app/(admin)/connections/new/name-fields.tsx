import { TextField } from '@/components/form/fields'
import type { ProviderGuide } from '@/core/connections/provider-guide'

export function NameFields({ guide }: { guide: ProviderGuide }) {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <TextField name="name" label="Name" placeholder={`${guide.name} of the institute`} />
      <TextField
        name="slug"
        label="Slug"
        placeholder={`institute-${guide.id}`}
        spellCheck={false}
        description="Short and fixed for ever: a-z, 0-9 and hyphens."
      />
    </div>
  )
}
