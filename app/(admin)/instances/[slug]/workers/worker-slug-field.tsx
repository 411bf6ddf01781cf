import { TextField } from '@/components/form/fields'

/** The slug of a worker that is yet to come. */
export function WorkerSlugField({ label, description }: { label: string; description: string }) {
  return (
    <TextField
      name="workerSlug"
      label={label}
      description={description}
      defaultValue="fileserver"
      maxLength={40}
      autoCapitalize="none"
      spellCheck={false}
      className="font-mono"
      required
    />
  )
}
