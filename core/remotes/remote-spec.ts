import { z } from 'zod'
import { seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'
import { type Remote, remoteSchema } from '@/protocol/remotes'

/** A row of the Remote table, as far as a spec needs it. */
export type RemoteRow = {
  id: string
  backend: string
  options: unknown
  secrets: string | null
  baseFolder: string
  crypt: unknown
  limits: unknown
  deletesForEver: boolean
  connectionId: string | null
}

/** Names of the passwords of an encrypted remote among its secrets. */
export const cryptPassword = 'crypt.password'
export const cryptSalt = 'crypt.password2'

const secretsSchema = z.record(z.string(), z.string())
export type RemoteSecrets = z.infer<typeof secretsSchema>

/**
 * What a worker is told of a remote: with its secrets, for the claim's answer only. One of a connection gets its access when the
 * run is handed out (core/connections/grant-access.ts). Throws Problem for a row that does not parse.
 */
export function toRemote(row: RemoteRow): Remote {
  return assembleRemote(row, unsealSecrets(row))
}

/** The same with secrets that need not be saved. Throws Problem for what does not fit together. */
export function assembleRemote(row: Omit<RemoteRow, 'secrets'>, secrets: RemoteSecrets): Remote {
  const { [cryptPassword]: password, [cryptSalt]: password2, ...options } = secrets
  return parseRemote({
    id: row.id,
    backend: row.backend,
    baseFolder: row.baseFolder,
    ...(row.connectionId === null ? {} : { connectionId: row.connectionId }),
    options: { ...z.record(z.string(), z.unknown()).parse(row.options), ...options },
    ...(row.limits === null ? {} : { limits: row.limits }),
    ...(row.deletesForEver ? { deletesForEver: true } : {}),
    ...(row.crypt === null ? {} : { crypt: { ...z.looseObject({}).parse(row.crypt), password, password2 } }),
  })
}

/** The Problem never repeats a value. */
function parseRemote(candidate: unknown): Remote {
  const result = remoteSchema.safeParse(candidate)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) =>
    issue.code === 'custom' ? issue.message : `${issue.path.join('.') || 'backend'}.`,
  )
  throw new Problem({
    code: 'invalid-remote',
    text: `The settings of the remote are not complete or not allowed: ${[...new Set(faults)].join(' ')}`,
    action: 'Open the remote, check these settings, and test it.',
  })
}

export function unsealSecrets(row: Pick<RemoteRow, 'id' | 'secrets'>): RemoteSecrets {
  if (row.secrets === null) return {}
  return secretsSchema.parse(JSON.parse(unseal(row.secrets, placeOf(row.id), controlPlaneEnv().sealingKey)))
}

/** Null when there is nothing to seal. */
export function sealSecrets(remoteId: string, secrets: RemoteSecrets): string | null {
  if (Object.keys(secrets).length === 0) return null
  return seal(JSON.stringify(secrets), placeOf(remoteId), controlPlaneEnv().sealingKey)
}

function placeOf(remoteId: string) {
  return { table: 'Remote', row: remoteId, field: 'secrets' }
}
