import type { Transaction } from '@/lib/db'
import type { EventBody, RunEvent } from '@/protocol/events'

type ArtifactBody = Extract<EventBody, { type: 'artifact' }>
type PartBody = Extract<EventBody, { type: 'part' }>

/** Brings parts and finished artifacts into the catalogue. A part that is reported again takes the place of the first. */
export async function recordArtifacts(
  transaction: Transaction,
  backupId: string,
  workerId: string,
  events: RunEvent[],
): Promise<void> {
  const bodies = events.map(({ body }) => body)
  const parts = bodies.filter((body): body is PartBody => body.type === 'part')
  for (const name of new Set(parts.map((part) => part.artifact)))
    await recordParts(
      transaction,
      { backupId, workerId, name },
      parts.filter((part) => part.artifact === name),
    )
  for (const body of bodies)
    if (body.type === 'artifact') await recordArtifact(transaction, { backupId, workerId }, body)
}

async function recordParts(
  transaction: Transaction,
  { backupId, workerId, name }: { backupId: string; workerId: string; name: string },
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
  { backupId, workerId }: { backupId: string; workerId: string },
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
