import type { Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { PlanSettings } from './schema'

/** What a plan names must exist and fit together: sources of its own instance, on workers that are not revoked, and a remote. */
export async function assertReferences(
  transaction: Transaction,
  instanceId: string,
  settings: Pick<PlanSettings, 'sourceIds' | 'remoteId'>,
): Promise<void> {
  const sources = await transaction.source.findMany({
    where: { id: { in: settings.sourceIds }, instanceId },
    select: { kind: true, worker: { select: { slug: true, state: true } } },
  })
  if (sources.length !== new Set(settings.sourceIds).size)
    throw refusal('unknown-source', 'One of the sources is gone, or belongs to another instance.', 'sourceIds')
  const revoked = sources.find((source) => source.worker.state === 'revoked')?.worker
  if (revoked) throw refusal('worker-revoked', `The worker ${revoked.slug} of these sources was revoked.`, 'sourceIds')
  if ((await transaction.remote.count({ where: { id: settings.remoteId } })) === 0)
    throw refusal('unknown-remote', 'This remote is gone.', 'remoteId')
}

function refusal(code: string, text: string, where: string): Problem {
  return new Problem({ code, text, action: 'Load the page again and choose anew.', where })
}
