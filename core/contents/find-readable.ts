import { limitsOf } from '@/core/backups/backup-spec'
import { toRemote } from '@/core/remotes/remote-spec'
import { assertRestorable } from '@/core/restores/assert-restorable'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import { isSilent } from '@/core/workers/silence-rules'
import { db, type Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { backupReferenceSchema } from '@/protocol/specs'

export type ReadableBackup = Awaited<ReturnType<typeof findReadable>>

/**
 * A backup whose files a worker can read now, and what the worker must be told to do so. Throws Problem: of assertRestorable,
 * `remote-gone`, `index-missing`, `no-worker`.
 */
export async function findReadable(backupId: string) {
  const { remoteId } = await assertRestorable(db(), backupId)
  const backup = await db().backup.findUniqueOrThrow({
    where: { id: backupId },
    include: { instance: { include: { workers: true } }, plan: true, artifacts: true },
  })
  const remote = await db().remote.findUnique({ where: { id: remoteId } })
  if (!remote) throw new Problem({ code: 'remote-gone', text: 'The remote of this backup was deleted.' })
  const trees = backup.artifacts.filter(({ kind }) => kind === 'files' || kind === 'config')
  const indexes = backup.artifacts.filter(({ kind }) => kind === 'index')
  if (trees.length === 0 || indexes.length === 0) throw indexMissing()
  const { instance, folder, manifestSha256 } = backup
  return {
    id: backup.id,
    instanceId: instance.id,
    worker: chooseWorker(instance.workers, backup.workerId, new Date()),
    /** names of what holds files */
    artifacts: trees.map(({ name }) => name).sort(),
    /** of all indexes together, before compression */
    indexBytes: indexes.reduce((sum, { rawBytes }) => sum + Number(rawBytes), 0),
    entries: indexes.reduce((sum, { entries }) => sum + (entries ?? 0), 0),
    reading: {
      backup: backupReferenceSchema.parse({
        id: backup.id,
        instance: { id: instance.id, slug: instance.slug },
        folder,
        manifestSha256,
      }),
      remote: toRemote(remote),
      signingKeys: await listSigningKeys(db()),
      bytesPerSecond: limitsOf(backup.plan).bytesPerSecond,
    },
  }
}

/** The worker that made the backup, or another of the instance where that one is not there. */
function chooseWorker(workers: Worker[], madeById: string | null, now: Date): Worker {
  const present = workers.filter(
    ({ state, lastSeenAt }) => state === 'active' && lastSeenAt !== null && !isSilent(lastSeenAt, now),
  )
  const chosen = present.find(({ id }) => id === madeById) ?? present[0]
  if (chosen) return chosen
  throw new Problem({
    code: 'no-worker',
    text: 'No worker of this instance has been heard for some minutes, and only a worker can read the remote.',
    action: 'Start the worker on its host, then try again.',
  })
}

function indexMissing(): Problem {
  return new Problem({
    code: 'index-missing',
    text: 'This backup holds no files, or has no index of them.',
    action: 'What it holds can be restored all the same.',
  })
}
