import { z } from 'zod'
import { optionNames, type RemoteInput, remoteInputSchema } from '@/core/remotes/schema'
import { allowedOptions } from '@/protocol/advanced-options'
import { keeperOptions } from '@/protocol/keeper-options'
import { type Backend, backendSchema } from '@/protocol/remotes'
import { forgetPrefix } from './forget-prefix'

const limitFields = ['limitBandwidth', 'limitTransfers', 'limitCalls', 'limitAttempts', 'limitPartMebibytes']
const cryptFields = ['cryptPassword', 'cryptSalt', 'cryptNames', 'cryptFolders', 'cryptEncoding', 'cryptSaved']

/** The remote out of the flat fields of the form. Throws ZodError whose paths are field names. */
export function parseRemoteForm(form: FormData): RemoteInput {
  const backend = backendSchema.parse(form.get('backend'))
  const pick = (names: string[]) =>
    Object.fromEntries(names.filter((name) => form.has(name) && !unset.has(name)).map((name) => [name, form.get(name)]))
  const names = optionNames(backend)
  const { plain, secret, password } = allowedOptions[backend]
  const unset = new Set([...plain, ...secret, ...password].filter((name) => String(form.get(name) ?? '').trim() === ''))
  const result = remoteInputSchema.safeParse({
    backend,
    ...pick(['slug', 'name', 'baseFolder', 'connectionId']),
    options: pick(names.plain),
    secrets: pick(names.secret),
    limits: pick(limitFields),
    keeper: keeperFields(form, backend),
    forgetKeeper: form.has('forgetKeeper'),
    deletesForEver: form.has('deletesForEver'),
    ...(form.has('encrypt') ? { crypt: pick(cryptFields) } : {}),
    forget: names.secret.filter((name) => form.has(`${forgetPrefix}${name}`)),
  })
  if (result.success) return result.data
  throw new z.ZodError(result.error.issues.map((issue) => ({ ...issue, path: issue.path.slice(-1) })))
}

function keeperFields(form: FormData, backend: Backend): Record<string, string> {
  const { plain = [], secret = [] } = keeperOptions[backend] ?? {}
  return Object.fromEntries([...plain, ...secret].map((name) => [name, String(form.get(`keeper-${name}`) ?? '')]))
}

/** The same where only the place counts: what it will be called, its base folder and its encryption are not there yet. */
export function parsePlaceForm(form: FormData): RemoteInput {
  const place = new FormData()
  for (const [name, value] of form.entries()) if (name !== 'encrypt') place.append(name, value)
  const anyFolder = form.get('backend') === 'local' ? '/any' : 'any'
  for (const [name, value] of Object.entries({ name: 'any', slug: 'any', baseFolder: anyFolder }))
    place.set(name, value)
  return parseRemoteForm(place)
}
