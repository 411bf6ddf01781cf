import type { Actor } from '@/core/audit/actor'
import { insertBackup, placeOfPlan, planInclude } from '@/core/backups/insert-backup'
import type { Backup, Transaction, Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { compareVersions } from '@/protocol/version'
import { concernedSources } from './concerned-sources'
import type { RestoreRequest } from './request-restore'
import type { InPlaceTarget } from './target'

/** So long nobody and nothing deletes a safety backup. */
const keptMilliseconds = 14 * 86_400_000
const inPlaceProtocol = '1.1'

/**
 * Where and how a restore exchanges what stands there, with a safety backup of it asked for where that is wanted: of the same
 * plan's sources as far as they are concerned, onto the remote that is read. Runs in the caller's transaction. Throws Problem `worker-too-old`, `no-plan-for-safety`, and
 * those of placeOfPlan.
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
  const plan = backup.planId
    ? await transaction.plan.findUnique({ where: { id: backup.planId }, include: planInclude })
    : null
  if (!plan)
    throw new Problem({
      code: 'no-plan-for-safety',
      text: 'The plan of this backup is gone, so that no safety backup can be made by it.',
      action: 'Make a backup by another plan, and restore without a safety backup.',
    })
  const artifacts = await transaction.artifact.findMany({ where: { backupId: backup.id } })
  const all = plan.sources.map(({ source }) => source)
  const sources = concernedSources(all, request, { workerId: worker.id, artifacts })
  const { workers } = placeOfPlan({ ...plan, sources: plan.sources.filter(({ source }) => sources.includes(source)) })
  const safety = await insertBackup(
    transaction,
    plan,
    {
      ...{ kind: 'safety', plannedAt: null, requestedById: actor.kind === 'user' ? actor.id : null },
      sourceIds: sources.length < all.length ? sources.map(({ id }) => id) : null,
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
