import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, Prisma, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { assertComplete } from './assert-complete'
import { findRemote } from './find-remote'
import { deletesForEver, limitsOf, mergeKeeper, mergeSecrets, plainOptions } from './input-options'
import { sealKeeper, unsealKeeper, withKeeper } from './keeper'
import { assembleRemote, sealSecrets, unsealSecrets } from './remote-spec'
import { requireConnection } from './require-connection'
import type { RemoteInput } from './schema'

/** Options that say where the remote is, as opposed to how one signs in there. */
const placeOptions = [
  'host',
  'port',
  'url',
  'endpoint',
  'region',
  'provider',
  'root_folder_id',
  'team_drive',
  'drive_id',
]

/**
 * Changes a remote; slug, backend and encryption stay. Secrets that are left empty are kept. When the change makes it point to another
 * place while backups lie at the old one, `confirmedMove` must be set, else Problem `confirm-move`.
 */
export async function updateRemote(
  actor: Actor,
  id: string,
  input: RemoteInput,
  options: { confirmedMove: boolean },
): Promise<void> {
  await db().$transaction(async (transaction) => {
    const saved = await findRemote(transaction, id)
    if (saved.backend !== input.backend)
      throw new Problem({
        code: 'backend-fixed',
        text: 'The backend of a remote cannot be changed.',
        action: 'Make another remote and let the plans use it.',
        where: 'backend',
      })
    await requireConnection(transaction, input)
    const secrets = mergeSecrets(unsealSecrets(saved), input)
    assertComplete(input.backend, plainOptions(input), secrets)
    const next = { backend: input.backend, baseFolder: input.baseFolder, options: plainOptions(input) }
    const row = {
      ...{ id, ...next, connectionId: input.connectionId ?? null },
      ...{ crypt: saved.crypt, limits: limitsOf(input), deletesForEver: deletesForEver(input) },
    }
    assembleRemote(row, secrets)
    const keeper = mergeKeeper(unsealKeeper(saved), input)
    withKeeper(row, secrets, keeper)
    if (!options.confirmedMove && pointsElsewhere(saved, next)) await assertNothingLiesThere(transaction, id)
    await transaction.remote.update({
      where: { id },
      data: {
        ...{ name: input.name, options: next.options, baseFolder: next.baseFolder },
        ...{ secrets: sealSecrets(id, secrets), connectionId: input.connectionId ?? null },
        limits: row.limits ?? Prisma.DbNull,
        deletesForEver: row.deletesForEver,
        keeper: sealKeeper(id, keeper),
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: 'remote.edit',
      subject: { kind: 'remote', id },
      detail: {
        slug: saved.slug,
        baseFolder: input.baseFolder,
        moved: pointsElsewhere(saved, next),
        keeper: keeper !== null,
        deletesForEver: row.deletesForEver,
      },
    })
  })
}

type Place = { baseFolder: string; options: unknown }

function pointsElsewhere(saved: Place, next: Place): boolean {
  const placeOf = ({ baseFolder, options }: Place) =>
    JSON.stringify([baseFolder, ...placeOptions.map((name) => (options as Record<string, unknown>)[name] ?? null)])
  return placeOf(saved) !== placeOf(next)
}

async function assertNothingLiesThere(transaction: Transaction, remoteId: string): Promise<void> {
  const count = await transaction.copy.count({ where: { remoteId, presence: { in: ['present', 'leftover'] } } })
  if (count === 0) return
  throw new Problem({
    code: 'confirm-move',
    text: `${count === 1 ? 'One backup lies' : `${count} backups lie`} at the place that this remote points to now. After the change, Talekeeper looks for ${count === 1 ? 'it' : 'them'} at the new place only.`,
    action: 'If the folder itself was moved, tick the box and save again. Else make another remote.',
  })
}
