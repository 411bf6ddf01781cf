import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'
import { emptiedCollections, type FixUps, fixUpsSchema, settingFixUps } from '@/protocol/fix-ups'

/** `assetstore`: its address, which may hold a password. */
export const assetstoreSecret = 'assetstore'

/** Fix-ups as they are stored, with the names of the secret values that are sealed beside them. */
export const storedFixUpsSchema = z.object({
  database: z.string(),
  /** those that are no secrets, by key */
  settings: z.record(z.string(), z.string()),
  secretNames: z.array(z.string()),
  /** those that have no value here become what the instance has set itself */
  keptSettings: z.boolean().default(false),
  paths: z.array(z.object({ from: z.string(), to: z.string() })),
  mailOff: z.boolean(),
  emptied: z.array(z.enum(emptiedCollections.map(({ name }) => name))),
  clearsRegisteredData: z.boolean(),
  administrator: z.string().nullable(),
  /** with a key that is made for each restore */
  pseudonyms: z.boolean(),
})
export type StoredFixUps = z.infer<typeof storedFixUpsSchema>
export type FixUpSecrets = Record<string, string>

type Place = { table: 'FixUpProfile' | 'Restore'; row: string; field: 'secrets' | 'fixUpSecrets' }

/** What a form begins with where nothing was saved: all that no other instance can use is ticked. */
export const usualFixUps: StoredFixUps = {
  ...{ database: 'girder', settings: {}, secretNames: [], keptSettings: true, paths: [] },
  ...{ mailOff: true, emptied: emptiedCollections.map(({ name }) => name), clearsRegisteredData: true },
  ...{ administrator: null, pseudonyms: false },
}

export function sealFixUpSecrets(secrets: FixUpSecrets, place: Place): string | null {
  if (Object.keys(secrets).length === 0) return null
  return seal(JSON.stringify(secrets), place, controlPlaneEnv().sealingKey)
}

export function unsealFixUpSecrets(sealed: string | null, place: Place): FixUpSecrets {
  if (sealed === null) return {}
  return z.record(z.string(), z.string()).parse(JSON.parse(unseal(sealed, place, controlPlaneEnv().sealingKey)))
}

/** What a worker is told. Throws a ZodError for what does not fit together. */
export function assembleFixUps(stored: StoredFixUps, secrets: FixUpSecrets): FixUps {
  const values = settingFixUps.flatMap(({ key }) => {
    const value = stored.settings[key] ?? (stored.secretNames.includes(key) ? secrets[key] : undefined)
    return value ? [{ key, value }] : []
  })
  return fixUpsSchema.parse({
    ...{ database: stored.database, settings: values, keptSettings: stored.keptSettings },
    ...{ paths: stored.paths, mailOff: stored.mailOff },
    ...{ emptied: stored.emptied, clearsRegisteredData: stored.clearsRegisteredData },
    administrator: stored.administrator,
    assetstoreAddress: stored.secretNames.includes(assetstoreSecret) ? (secrets[assetstoreSecret] ?? null) : null,
    pseudonyms: stored.pseudonyms ? { key: secrets.pseudonyms ?? randomBytes(32).toString('base64') } : null,
  })
}
