import { z } from 'zod'
import { seal, unseal } from '@/lib/crypto'
import { controlPlaneEnv } from '@/lib/env'
import { keeperOptions } from '@/protocol/keeper-options'
import { type Remote, backendSchema } from '@/protocol/remotes'
import { assembleRemote, type RemoteRow, type RemoteSecrets, unsealSecrets } from './remote-spec'

/** A second credential, by option: it takes the place of the usual one when backups are deleted. */
export type Keeper = Record<string, string>

const keeperSchema = z.record(z.string(), z.string())

/** What the worker of a deletion is told of a remote: with the keeper, where it has one. Throws Problem for a row that does not parse. */
export function toDeletingRemote(row: RemoteRow & { keeper: string | null }): Remote {
  return withKeeper(row, unsealSecrets(row), unsealKeeper(row))
}

/** The remote as the keeper sees it; null: the usual credential keeps. */
export function withKeeper(row: Omit<RemoteRow, 'secrets'>, secrets: RemoteSecrets, keeper: Keeper | null): Remote {
  if (!keeper) return assembleRemote(row, secrets)
  const names = keeperOptions[backendSchema.parse(row.backend)]
  const replaced = new Set([...(names?.plain ?? []), ...(names?.secret ?? [])])
  const without = <T extends object>(values: T) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !replaced.has(name)))
  const options = z.record(z.string(), z.unknown()).parse(row.options)
  return assembleRemote({ ...row, options: without(options) }, { ...without(secrets), ...keeper })
}

export function unsealKeeper(row: { id: string; keeper: string | null }): Keeper | null {
  if (row.keeper === null) return null
  return keeperSchema.parse(JSON.parse(unseal(row.keeper, placeOf(row.id), controlPlaneEnv().sealingKey)))
}

export function sealKeeper(remoteId: string, keeper: Keeper | null): string | null {
  return keeper ? seal(JSON.stringify(keeper), placeOf(remoteId), controlPlaneEnv().sealingKey) : null
}

function placeOf(remoteId: string) {
  return { table: 'Remote', row: remoteId, field: 'keeper' }
}
