import type { Actor } from '@/core/audit/actor'
import type { Inspection, InspectionKind, Transaction, Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'

type Place = { instanceId: string; remoteId: string }
type Look = { kind: InspectionKind; backupId?: string; folders?: string[] }

const openStates = ['queued', 'running'] as const

/**
 * Inserts a look at a remote, in the caller's transaction. An instance's looks at one remote follow each other: throws Problem
 * `look-under-way`, or `no-worker` where the instance has no active worker.
 */
export async function insertInspection(
  transaction: Transaction,
  actor: Actor,
  { instanceId, remoteId }: Place,
  { kind, backupId, folders }: Look,
  now: Date,
): Promise<{ inspection: Inspection; worker: Worker }> {
  const open = await transaction.inspection.findFirst({
    where: { instanceId, remoteId, state: { in: [...openStates] } },
  })
  if (open)
    throw new Problem({
      code: 'look-under-way',
      text: 'This instance’s folder on the remote is being looked at already.',
      action: 'Wait until that look has ended, or cancel it.',
    })
  const worker = await chooseWorker(transaction, { instanceId, remoteId }, backupId)
  if (!worker)
    throw new Problem({
      code: 'no-worker',
      text: 'The instance has no active worker that could look at the remote.',
      action: 'Enrol a worker of the instance, or confirm the one that waits.',
    })
  const inspection = await transaction.inspection.create({
    data: {
      ...{ instanceId, remoteId, workerId: worker.id, kind, requestedAt: now },
      requestedById: actor.kind === 'user' ? actor.id : null,
      ...(backupId ? { backupId } : {}),
      ...(folders ? { folders } : {}),
    },
  })
  return { inspection, worker }
}

/** The worker that made the backup, else one whose plans use the remote, else any of the instance. */
async function chooseWorker(
  transaction: Transaction,
  { instanceId, remoteId }: Place,
  backupId: string | undefined,
): Promise<Worker | null> {
  const active = { instanceId, state: 'active' } as const
  const usesRemote = { plans: { some: { plan: { targets: { some: { remoteId } } } } } }
  const preferred = backupId ? { backups: { some: { id: backupId } } } : { sources: { some: usesRemote } }
  const orderBy = { slug: 'asc' } as const
  return (
    (await transaction.worker.findFirst({ where: { ...active, ...preferred }, orderBy })) ??
    (await transaction.worker.findFirst({ where: active, orderBy }))
  )
}
