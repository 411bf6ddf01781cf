import type { Transaction } from '@/lib/db'
import type { EventBody, RunEvent } from '@/protocol/events'
import { Problem } from '@/protocol/problem'

type ArtifactBody = Extract<EventBody, { type: 'artifact' }>
type PartBody = Extract<EventBody, { type: 'part' }>

type Maker = { backupId: string; workerId: string }

/**
 * Brings parts and finished artifacts into the catalogue. A part that is reported again takes the place of the first.
 * Throws Problem `invalid-artifact` for one of another worker.
 */
export async function recordArtifacts(transaction: Transaction, maker: Maker, events: RunEvent[]): Promise<void> {
  const bodies = events.map(({ body }) => body)
  await refuseOthers(transaction, maker, bodies)
  const parts = bodies.filter((body): body is PartBody => body.type === 'part')
  for (const name of new Set(parts.map((part) => part.artifact)))
    await recordParts(
      transaction,
      { ...maker, name },
      parts.filter((part) => part.artifact === name),
    )
  for (const body of bodies) if (body.type === 'artifact') await recordArtifact(transaction, maker, body)
}

/** No worker of a backup may alter what another one has made. */
async function refuseOthers(
  transaction: Transaction,
  { backupId, workerId }: Maker,
  bodies: EventBody[],
): Promise<void> {
  const names = bodies.flatMap((body) => {
    if (body.type === 'part') return body.artifact
    return body.type === 'artifact' ? body.name : []
  })
  if (names.length === 0) return
  const other = await transaction.artifact.findFirst({
    where: { backupId, workerId: { not: workerId }, name: { in: [...new Set(names)] } },
  })
  if (other)
    throw new Problem({
      code: 'invalid-artifact',
      text: 'The worker reports an artifact that another worker of this backup has made.',
      where: other.name,
    })
}

async function recordParts(
  transaction: Transaction,
  { backupId, workerId, name }: Maker & { name: string },
  parts: PartBody[],
): Promise<void> {
  const artifact = await transaction.artifact.upsert({
    where: { backupId_name: { backupId, name } },
    create: { backupId, workerId, name, kind: kindOf(name) },
    update: {},
  })
  const latest = new Map(parts.map((part) => [part.number, part]))
  const artifactId = artifact.id
  await transaction.part.deleteMany({ where: { artifactId, number: { in: [...latest.keys()] } } })
  await transaction.part.createMany({
    data: [...latest.values()].map(({ number, bytes, rawBytes, sha256, checked, remoteHash }) => ({
      ...{ artifactId, number, bytes, rawBytes, sha256, checked, remoteHash: remoteHash ?? null },
    })),
  })
}

async function recordArtifact(
  transaction: Transaction,
  { backupId, workerId }: Maker,
  { kind, name, bytes, rawBytes, entries, documents }: ArtifactBody,
): Promise<void> {
  const facts = { kind, bytes, rawBytes, entries, documents, complete: true }
  await transaction.artifact.upsert({
    where: { backupId_name: { backupId, name } },
    create: { backupId, workerId, name, ...facts },
    update: facts,
  })
}

/** Until the artifact itself is reported, its name tells its kind (docs/remote-format.md). */
function kindOf(name: string): ArtifactBody['kind'] {
  if (name.includes('.index.')) return 'index'
  if (name.startsWith('mongo')) return 'mongodb'
  return name.startsWith('config') ? 'config' : 'files'
}
