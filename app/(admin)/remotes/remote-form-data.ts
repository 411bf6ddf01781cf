import { z } from 'zod'
import { plainOptionsSchemas, type RemoteInput, remoteInputSchema, secretOptionsSchemas } from '@/core/remotes/schema'
import { backendSchema } from '@/protocol/remotes'
import { forgetPrefix } from './forget-prefix'

/** The remote out of the flat fields of the form. Throws ZodError whose paths are field names. */
export function parseRemoteForm(form: FormData): RemoteInput {
  const backend = backendSchema.parse(form.get('backend'))
  const pick = (names: string[]) =>
    Object.fromEntries(names.filter((name) => form.has(name)).map((name) => [name, form.get(name)]))
  const secretNames = Object.keys(secretOptionsSchemas[backend].shape)
  const result = remoteInputSchema.safeParse({
    backend,
    ...pick(['slug', 'name', 'baseFolder', 'connectionId']),
    options: pick(Object.keys(plainOptionsSchemas[backend].shape)),
    secrets: pick(secretNames),
    forget: secretNames.filter((name) => form.has(`${forgetPrefix}${name}`)),
  })
  if (result.success) return result.data
  throw new z.ZodError(result.error.issues.map((issue) => ({ ...issue, path: issue.path.slice(-1) })))
}
