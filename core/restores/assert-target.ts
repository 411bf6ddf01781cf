import { isReachedDirectly } from '@/core/sources/reach'
import type { Backup, Prisma, Transaction, Worker } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { compareVersions } from '@/protocol/version'
import type { RestoreRequest } from './request-restore'

/** The first whose workers restore a selection; one before it would restore everything. */
const selectionProtocol = '1.1'

type TargetWorker = Prisma.WorkerGetPayload<{ include: { instance: true } }>

/**
 * The worker that is to restore, fit for what it is asked. Throws Problem `worker-not-active`, `worker-too-old`, `unknown-source`,
 * `not-reached-directly`.
 */
export async function assertTarget(
  transaction: Transaction,
  request: Pick<RestoreRequest, 'workerId' | 'mongodbSourceId' | 'selection'>,
  backup: Pick<Backup, 'workerId'>,
): Promise<TargetWorker> {
  const id = request.workerId ?? backup.workerId
  const worker = id ? await transaction.worker.findUnique({ where: { id }, include: { instance: true } }) : null
  if (worker?.state !== 'active')
    throw new Problem({
      code: 'worker-not-active',
      text: worker ? `The worker “${worker.slug}” is ${worker.state}.` : 'There is no such worker.',
      action: 'Choose another worker.',
      where: 'workerId',
    })
  if (request.selection && compareVersions(worker.protocol, selectionProtocol) < 0)
    throw new Problem({
      code: 'worker-too-old',
      text: `The worker “${worker.slug}” is too old to restore less than a whole artifact.`,
      action: 'Upgrade Talekeeper on its host, or restore everything.',
      where: 'workerId',
    })
  await assertSource(transaction, worker, request.mongodbSourceId)
  return worker
}

async function assertSource(transaction: Transaction, worker: Worker, sourceId: string | null): Promise<void> {
  if (!sourceId) return
  const source = await transaction.source.findFirst({
    where: { id: sourceId, instanceId: worker.instanceId, workerId: worker.id, kind: 'mongodb' },
  })
  if (!source)
    throw new Problem({
      code: 'unknown-source',
      text: `The worker “${worker.slug}” has no such MongoDB source.`,
      action: 'Choose a MongoDB source of that worker.',
      where: 'mongodbSourceId',
    })
  if (!isReachedDirectly(source))
    throw new Problem({
      code: 'not-reached-directly',
      text: `The source “${source.slug}” is reached in a container, where databases can be dumped but not restored beside.`,
      action: 'Make a source that reaches a MongoDB directly, or restore the archive with mongorestore.',
      where: 'mongodbSourceId',
    })
}
