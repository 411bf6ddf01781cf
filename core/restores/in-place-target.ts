import type { Actor } from '@/core/audit/actor'
import { insertBackup, placeOfPlan } from '@/core/backups/insert-backup'
import type { Backup, Transaction, Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { compareVersions } from '@/protocol/version'
import type { RestoreRequest } from './request-restore'
import { findSafetyPlan } from './safety-plan'
import type { InPlaceTarget } from './target'

/** So long nobody and nothing deletes a safety backup. */
const keptMilliseconds = 14 * 86_400_000
const inPlaceProtocol = '1.1'

/**
 * Where and how a restore exchanges what stands there, with a safety backup of it asked for where that is wanted: of a plan's sources
 * as far as they are concerned, onto the remote that is read. Runs in the caller's transaction. Throws Problem `worker-too-old`,
 * `no-plan-for-safety`, and those of placeOfPlan.
 */
export async function inPlaceTarget(
  transaction: Transaction,
  actor: Actor,
  request: RestoreRequest,
  place: { restoreId: string; worker: Worker; backup: Backup; remoteId: string; accepted: string[] },
  now: Date,
): Promise<InPlaceTarget> {
  const { worker, accepted } = place
  if (compareVersions(worker.protocol, inPlaceProtocol) < 0)
    throw new Problem({
      code: 'worker-too-old',
      text: `The worker “${worker.slug}” is too old to restore in place.`,
      action: 'Upgrade Talekeeper on its host, or restore beside.',
      where: 'workerId',
    })
  const wantsSafety = request.inPlace?.safety ?? true
  return {
    kind: 'inPlace',
    mongodb: request.mongodbSourceId ? { sourceId: request.mongodbSourceId } : null,
    writers: request.inPlace?.writers ?? 'stopped',
    safetyBackupId: wantsSafety ? await insertSafety(transaction, actor, request, place, now) : null,
    allowForeignFolders: accepted.includes('foreign-folders'),
    allowOpenFiles: accepted.includes('open-files'),
    requireEmpty: request.inPlace?.requireEmpty ?? false,
    end: null,
  }
}

async function insertSafety(
  transaction: Transaction,
  actor: Actor,
  request: RestoreRequest,
  { restoreId, worker, backup, remoteId }: { restoreId: string; worker: Worker; backup: Backup; remoteId: string },
  now: Date,
): Promise<string> {
  const found = await findSafetyPlan(transaction, request, { worker, backup, remoteId })
  if (!found) throw noPlanForSafety()
  const { plan, sources } = found
  const { workers } = placeOfPlan({ ...plan, sources: plan.sources.filter(({ source }) => sources.includes(source)) })
  const safety = await insertBackup(
    transaction,
    plan,
    {
      ...{ kind: 'safety', plannedAt: null, requestedById: actor.kind === 'user' ? actor.id : null },
      sourceIds: sources.length < plan.sources.length ? sources.map(({ id }) => id) : null,
      ...{ note: `Before the restore ${restoreId}`, state: 'queued', problem: null, place: { workers, remoteId } },
    },
    now,
  )
  const pin = {
    pinnedAt: now,
    pinReason: 'Safety of a restore in place',
    pinnedUntil: new Date(now.getTime() + keptMilliseconds),
  }
  await transaction.backup.update({ where: { id: safety.id }, data: pin })
  return safety.id
}

export function noPlanForSafety(): Problem {
  return new Problem({
    code: 'no-plan-for-safety',
    text: 'No plan of the instance that is restored into holds all that would be replaced, so that no safety backup can be made.',
    action: 'Make such a plan for its worker, or restore without a safety backup.',
  })
}
