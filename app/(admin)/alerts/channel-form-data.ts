import { z } from 'zod'
import {
  type ChannelInput,
  channelInputSchema,
  channelKinds,
  secretSchemas,
  settingsSchemas,
} from '@/core/channels/schema'

/** The channel out of the flat fields of the form. Throws ZodError whose paths are field names. */
export function parseChannelForm(form: FormData): ChannelInput {
  const kind = z.enum(channelKinds).parse(form.get('kind'))
  const pick = (names: string[]) =>
    Object.fromEntries(names.filter((name) => form.has(name)).map((name) => [name, form.get(name)]))
  const result = channelInputSchema.safeParse({
    kind,
    paused: form.has('paused'),
    ...pick(['name', 'severity', 'timeZone', 'quietFrom', 'quietUntil', 'digest', 'digestHour']),
    environments: form.getAll('environments'),
    instanceIds: form.getAll('instanceIds'),
    kinds: form.getAll('kinds'),
    settings: pick(Object.keys(settingsSchemas[kind].shape)),
    secrets: pick(Object.keys(secretSchemas[kind].shape)),
  })
  if (result.success) return result.data
  throw new z.ZodError(result.error.issues.map((issue) => ({ ...issue, path: [nameOf(issue.path)] })))
}

/** `settings.to.3` is the field `to`. */
function nameOf(path: PropertyKey[]): PropertyKey {
  return (path[0] === 'settings' || path[0] === 'secrets' ? path[1] : path[0]) ?? ''
}
