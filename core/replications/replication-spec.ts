import { limitsOf } from '@/core/backups/backup-spec'
import { toRemote } from '@/core/remotes/remote-spec'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import type { Prisma, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type ReplicationSpec, replicationSpecSchema } from '@/protocol/specs'
import { isCopyable } from './is-copyable'

export const replicationInclude = {
  instance: true,
  worker: true,
  fromRemote: true,
  toRemote: true,
  backup: { include: { plan: true } },
} satisfies Prisma.ReplicationInclude
export type ReplicationRow = Prisma.ReplicationGetPayload<{ include: typeof replicationInclude }>

/** A run that only ends when all is copied: it steps back for others, and goes on where it was. */
const durationSeconds = 7 * 86_400

/** What the worker is told, out of the rows as they are now. Throws Problem when something that it needs is gone. */
export async function buildReplicationSpec(transaction: Transaction, row: ReplicationRow): Promise<ReplicationSpec> {
  const { id, attempt, instance, worker, backup, fromRemote, toRemote: target } = row
  const place = { id: instance.id, slug: instance.slug }
  const source = await transaction.copy.findFirst({
    where: { backupId: backup.id, remoteId: fromRemote.id, presence: 'present', backup: isCopyable },
  })
  if (!source)
    throw new Problem({
      code: 'source-gone',
      text: `The backup is no longer whole on ${fromRemote.name}, from where it was to be copied.`,
      action: 'Look whether another remote still holds it.',
    })
  const isWanted = await transaction.planTarget.findFirst({
    where: { remoteId: target.id, planId: backup.planId ?? '' },
  })
  if (!isWanted)
    throw new Problem({ code: 'no-target', text: `The plan of this backup no longer uses ${target.name}.` })
  return replicationSpecSchema.parse({
    replicationId: id,
    attempt,
    instance: place,
    worker: { id: worker.id, slug: worker.slug },
    backup: { id: backup.id, instance: place, folder: backup.folder, manifestSha256: backup.manifestSha256 },
    from: toRemote(fromRemote),
    to: toRemote(target),
    partCheck: backup.plan?.partCheck ?? 'hash',
    signingKeys: await listSigningKeys(transaction),
    limits: { ...limitsOf(backup.plan), durationSeconds, stallSeconds: 3600 },
  })
}
