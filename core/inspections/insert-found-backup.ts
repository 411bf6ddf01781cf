import type { Inspection, Prisma, Transaction } from '@/lib/db'
import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'

export type FoundBackup = {
  manifest: Manifest
  manifestSha256: string
  manifestBytes: number
  folder: string
  origin: 'adopted' | 'foreign' | 'own'
}

const keptWarnings = 1000
const mostInteger = 2 ** 31 - 1

/**
 * Enters a backup into the catalogue out of its manifest. It belongs to no plan: neither retention nor health count it until an
 * administrator says so. Its place in the order is before all that are known, as those found are older.
 */
export async function insertFoundBackup(
  transaction: Transaction,
  worker: { id: string },
  { instanceId }: Inspection,
  { manifest, manifestSha256, manifestBytes, folder, origin }: FoundBackup,
): Promise<void> {
  const owner = await transaction.backup.findFirst({ where: { instanceId, folder } })
  if (owner) throw new Problem({ code: 'other-backup', text: 'The catalogue knows another backup of this folder.' })
  const first = await transaction.backup.findFirst({ orderBy: { sequence: 'asc' }, select: { sequence: true } })
  const workers = await transaction.worker.findMany({ where: { instanceId }, select: { id: true, slug: true } })
  const workerOf = (slug: string) => workers.find((candidate) => candidate.slug === slug)?.id ?? worker.id
  const { artifacts, warnings } = manifest
  await transaction.backup.create({
    data: {
      sequence: Math.min(first?.sequence ?? 0, 0) - 1,
      ...{ id: manifest.backupId, instanceId, planSlug: manifest.plan.slug, origin, kind: manifest.kind },
      ...{ state: manifest.warningCount > 0 ? 'warning' : 'succeeded', folder },
      workerId: workerOf(artifacts[0]?.worker ?? ''),
      plannedAt: manifest.plannedAt,
      requestedAt: manifest.startedAt,
      startedAt: manifest.startedAt,
      finishedAt: manifest.finishedAt,
      ...{ manifestSha256, manifestBytes, warningCount: Math.min(manifest.warningCount, mostInteger) },
      bytes: sumOf(artifacts, 'bytes'),
      rawBytes: sumOf(artifacts, 'rawBytes'),
      summary: summaryOf(manifest),
      artifacts: { create: artifacts.map((artifact) => toArtifact(artifact, workerOf(artifact.worker))) },
      warnings: {
        create: warnings.slice(0, keptWarnings).map(({ code, text, source, where }) => ({
          ...{ code, text, source: source ?? null, where: where ?? null },
        })),
      },
    },
  })
}

function toArtifact(artifact: ManifestArtifact, workerId: string) {
  const { kind, name, bytes, rawBytes, parts } = artifact
  return {
    ...{ workerId, kind, name, bytes, rawBytes, complete: true },
    entries: countOf(entriesOf(artifact)),
    documents: countOf(documentsOf(artifact)),
    parts: {
      create: parts.map((part, number) => ({
        ...{ number, bytes: part.bytes, rawBytes: part.rawBytes, sha256: part.sha256, checked: part.checked },
        remoteHash: part.remoteHash ?? null,
      })),
    },
  }
}

function entriesOf(artifact: ManifestArtifact): number | null {
  if (artifact.kind === 'index') return artifact.entries
  return artifact.kind === 'mongodb' ? null : artifact.trees.reduce((sum, tree) => sum + tree.entries, 0)
}

function documentsOf(artifact: ManifestArtifact): number | null {
  if (artifact.kind !== 'mongodb') return null
  return artifact.namespaces.reduce((sum, namespace) => sum + namespace.documents, 0)
}

/** As large as the column holds. */
function countOf(count: number | null): number | null {
  return count === null ? null : Math.min(count, mostInteger)
}

function sumOf(artifacts: ManifestArtifact[], field: 'bytes' | 'rawBytes'): bigint {
  return artifacts.reduce((sum, artifact) => sum + BigInt(artifact[field]), 0n)
}

/** The facts that a run's `summary` event would have reported. */
function summaryOf(manifest: Manifest): Prisma.InputJsonObject {
  const { artifacts, warningCount, changedFiles, held, versions } = manifest
  const databases = artifacts.filter((artifact) => artifact.kind === 'mongodb')
  const trees = artifacts.flatMap((artifact) => ('trees' in artifact ? artifact.trees : []))
  return {
    bytes: Number(sumOf(artifacts, 'bytes')),
    rawBytes: Number(sumOf(artifacts, 'rawBytes')),
    ...{ warningCount, changedFiles, held, tools: versions },
    namespaces: Object.fromEntries(
      databases.flatMap(({ namespaces }) =>
        namespaces.map(({ database, collection, documents }) => [`${database}.${collection}`, documents]),
      ),
    ),
    trees: Object.fromEntries(trees.map(({ source, entries, bytes }) => [source, { entries, bytes }])),
    consistency: [...new Set(databases.map(({ consistency }) => consistency))].join(', '),
  }
}
