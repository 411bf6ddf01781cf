import { toRemote } from '@/core/remotes/remote-spec'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { db, type Worker } from '@/lib/db'
import { backupReferenceSchema } from '@/protocol/specs'
import type { RestoreRequest } from './request-restore'
import { sourceTarget } from './restore-spec'
import { databasePrefixOf } from './target'
import { targetTrees } from './target-trees'

/** A restore that is asked about, not ordered: what its worker must know to look. Throws Problem `source-gone`. */
export async function askedRestore(restoreId: string, request: RestoreRequest) {
  const { artifacts, selection, folder } = request
  return {
    ...{ restoreId, ...(await reading(request)), artifacts, selection },
    target: { kind: 'scratch' as const, folder, mongodb: await mongodbOf(request, restoreId) },
  }
}

/** What a worker must know besides, of a restore in place. */
export async function askedInPlace(
  worker: Pick<Worker, 'id' | 'slug' | 'instanceId'>,
  backupId: string,
  { writers }: NonNullable<RestoreRequest['inPlace']>,
) {
  const { instanceId } = await db().backup.findUniqueOrThrow({ where: { id: backupId } })
  return { worker: { id: worker.id, slug: worker.slug }, writers, trees: await targetTrees(db(), worker, instanceId) }
}

/** What it takes to read the backup. */
async function reading({ backupId, remoteId }: RestoreRequest) {
  const backup = await db().backup.findUniqueOrThrow({ where: { id: backupId }, include: { instance: true } })
  const remote = await db().remote.findUniqueOrThrow({ where: { id: remoteId ?? '' } })
  const { id, slug } = backup.instance
  return {
    backup: backupReferenceSchema.parse({
      ...{ id: backupId, instance: { id, slug } },
      ...{ folder: backup.folder, manifestSha256: backup.manifestSha256 },
    }),
    remote: toRemote(remote),
    signingKeys: await listSigningKeys(db()),
  }
}

async function mongodbOf({ mongodbSourceId }: RestoreRequest, restoreId: string) {
  if (!mongodbSourceId) return null
  return sourceTarget(db(), { sourceId: mongodbSourceId, databasePrefix: databasePrefixOf(restoreId) })
}
