import type { Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { PlanSettings } from './schema'

/** What a plan names must exist and fit together: sources of its own instance, on workers that are not revoked, and remotes, each another place. */
export async function assertReferences(
  transaction: Transaction,
  instanceId: string,
  settings: Pick<PlanSettings, 'sourceIds' | 'targets'>,
): Promise<void> {
  const sources = await transaction.source.findMany({
    where: { id: { in: settings.sourceIds }, instanceId },
    select: { kind: true, worker: { select: { slug: true, state: true } } },
  })
  if (sources.length !== new Set(settings.sourceIds).size)
    throw refusal('unknown-source', 'One of the sources is gone, or belongs to another instance.', 'sourceIds')
  const revoked = sources.find((source) => source.worker.state === 'revoked')?.worker
  if (revoked) throw refusal('worker-revoked', `The worker ${revoked.slug} of these sources was revoked.`, 'sourceIds')
  await assertRemotes(
    transaction,
    settings.targets.map(({ remoteId }) => remoteId),
  )
}

async function assertRemotes(transaction: Transaction, ids: string[]): Promise<void> {
  const remotes = await transaction.remote.findMany({ where: { id: { in: ids } } })
  if (remotes.length !== ids.length) throw refusal('unknown-remote', 'One of the remotes is gone.', 'targets')
  const places = remotes.map(({ backend, options, baseFolder, connectionId }) =>
    canonicalText([backend, options, baseFolder, connectionId]),
  )
  const twin = remotes.find((_, index) => places.indexOf(places[index] ?? '') < index)
  // what deletes the one copy would delete the other with it
  if (twin)
    throw new Problem({
      code: 'same-place',
      text: `“${twin.name}” is the same folder as another remote of this plan: a copy there would be the backup itself.`,
      action: 'Choose a remote that lies elsewhere.',
      where: 'targets',
    })
}

/** The same settings are the same text, in whatever order they were stored. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function refusal(code: string, text: string, where: string): Problem {
  return new Problem({ code, text, action: 'Load the page again and choose anew.', where })
}
