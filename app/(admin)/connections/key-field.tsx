import { TextareaField } from '@/components/form/fields'

export function KeyField() {
  return (
    <TextareaField
      name="key"
      label="Key file"
      rows={8}
      spellCheck={false}
      className="font-mono text-xs"
      placeholder="{ … }"
      description="The whole content. It is tried, sealed, and never shown again."
    />
  )
}
