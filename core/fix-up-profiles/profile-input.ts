import { z } from 'zod'
import { emptiedCollections, loginSchema, settingFixUps } from '@/protocol/fix-ups'
import { absolutePathSchema } from '@/protocol/names'
import { assetstoreSecret, type FixUpSecrets, type StoredFixUps } from './stored-fix-ups'

const origin = /^(?:\*|https?:\/\/[^\s/,]+)$/
const isAddress = (schemes: RegExp) => (text: string) =>
  text === '' || (schemes.test(text) && URL.canParse(text.replace(/^[a-z+]+:/, 'http:')))

const text = z.string().trim().max(4000, 'At most 4000 characters.').default('')
const anyAddress = text.refine(isAddress(/^[a-z][a-z+]*:\/\/./), 'Enter an address, such as redis://redis/0.')

/** By the names of the form’s fields. A blank one leaves the setting as it is in the backup or, by `keptSettings`, here; a blank secret is kept. */
const fields = {
  'core.cors.allow_origin': text.refine(
    (value) => value === '' || value.split(',').every((one) => origin.test(one.trim())),
    'Enter origins with commas between them, such as https://dashboard.stage.example.org, without a path.',
  ),
  'core.cookie_domain': text.refine(
    (value) => /^$|^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(value),
    'Enter a domain, such as .stage.example.org.',
  ),
  'oauth.globus_client_id': text,
  'oauth.globus_client_secret': text,
  'oauth.orcid_client_id': text,
  'oauth.orcid_client_secret': text,
  'worker.api_url': text.refine(isAddress(/^https?:\/\/./), 'Enter an address that begins with https:// or http://.'),
  'worker.broker': anyAddress,
  'worker.backend': anyAddress,
  [assetstoreSecret]: text.refine(
    isAddress(/^mongodb(?:\+srv)?:\/\/./),
    'Enter an address that begins with mongodb://.',
  ),
}

const ticked = z
  .string()
  .optional()
  .transform((value) => value === 'on')

const pathsSchema = z
  .string()
  .max(20_000)
  .default('')
  .transform((lines, context) =>
    lines
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .flatMap((line) => {
        const [from = '', to = '', ...rest] = line.split(/\s*(?:→|->)\s*/)
        const pair = z.object({ from: absolutePathSchema, to: absolutePathSchema }).safeParse({ from, to })
        if (pair.success && rest.length === 0) return [pair.data]
        context.addIssue({ code: 'custom', message: `Not a pair of absolute paths, old -> new: ${line.slice(0, 200)}` })
        return []
      }),
  )
  .pipe(z.array(z.object({ from: z.string(), to: z.string() })).max(50, 'At most 50 pairs.'))

const emptied = Object.fromEntries(emptiedCollections.map(({ name }) => [`empty.${name}`, ticked]))

export const profileInputSchema = z
  .object({
    database: z.string().trim().min(1, 'Enter the name of Girder’s database.').max(63),
    ...fields,
    keptSettings: ticked,
    paths: pathsSchema,
    mailOff: ticked,
    registeredData: ticked,
    administrator: z
      .string()
      .trim()
      .default('')
      .transform((login) => login || null)
      .pipe(loginSchema.nullable()),
    pseudonyms: ticked,
    /** names of saved secrets that are to go */
    forget: z.array(z.string()).default([]),
    ...emptied,
  })
  .refine(({ administrator, pseudonyms }) => !pseudonyms || administrator !== null, {
    path: ['administrator'],
    message: 'Name an administrator of the backed-up instance: with pseudonyms nobody else can sign in.',
  })
export type ProfileInput = z.input<typeof profileInputSchema>

/** What is stored of a form, with the secrets that were saved before and not replaced. */
export function toStored(
  input: z.output<typeof profileInputSchema>,
  saved: FixUpSecrets,
): { stored: StoredFixUps; secrets: FixUpSecrets } {
  const secrets: FixUpSecrets = {}
  const settings: Record<string, string> = {}
  const secretKeys = [
    ...settingFixUps.filter(({ isSecret }) => isSecret).map(({ key }) => key),
    assetstoreSecret,
  ] as const
  for (const key of secretKeys) {
    const value = input[key] || (input.forget.includes(key) ? '' : saved[key])
    if (value) secrets[key] = value
  }
  for (const { key, isSecret } of settingFixUps) if (!isSecret && input[key]) settings[key] = input[key]
  const isTicked = (name: string) => (input as Record<string, unknown>)[`empty.${name}`] === true
  return {
    secrets,
    stored: {
      ...{ database: input.database, settings, secretNames: Object.keys(secrets) },
      ...{ keptSettings: input.keptSettings, paths: input.paths },
      ...{ mailOff: input.mailOff, clearsRegisteredData: input.registeredData },
      emptied: emptiedCollections.map(({ name }) => name).filter(isTicked),
      ...{ administrator: input.administrator, pseudonyms: input.pseudonyms },
    },
  }
}
