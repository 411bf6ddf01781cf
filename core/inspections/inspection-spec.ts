import { z } from 'zod'
import { limitsOf } from '@/core/backups/backup-spec'
import { toRemote } from '@/core/remotes/remote-spec'
import { listSigningKeys } from '@/core/signing/list-signing-keys'
import type { Prisma, Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { type ExpectedFile, type InspectionSpec, inspectionSpecSchema } from '@/protocol/specs'

export const inspectionInclude = {
  instance: true,
  worker: true,
  remote: true,
  backup: { include: { plan: true } },
} satisfies Prisma.InspectionInclude
export type InspectionRow = Prisma.InspectionGetPayload<{ include: typeof inspectionInclude }>

/** What the worker is told, out of the rows as they are now. Throws Problem when something that it needs is gone. */
export async function buildInspectionSpec(transaction: Transaction, row: InspectionRow): Promise<InspectionSpec> {
  const { id, attempt, instance, worker, remote, kind } = row
  return inspectionSpecSchema.parse({
    inspectionId: id,
    attempt,
    kind,
    instance: { id: instance.id, slug: instance.slug },
    worker: { id: worker.id, slug: worker.slug },
    remote: toRemote(remote),
    signingKeys: await listSigningKeys(transaction),
    limits: { ...limitsOf(row.backup?.plan ?? null), durationSeconds: 86_400, stallSeconds: 3600 },
    ...(await orderOf(transaction, row)),
  })
}

async function orderOf(transaction: Transaction, row: InspectionRow) {
  switch (row.kind) {
    case 'listing':
      return expectations(transaction, row)
    case 'readBack':
      return backupOf(row)
    case 'adoption':
      return { folders: z.array(z.string()).parse(row.folders) }
  }
}

function backupOf({ backup, instance }: InspectionRow) {
  if (!backup) throw new Problem({ code: 'backup-gone', text: 'The backup that was to be read back is gone.' })
  const { id, folder, manifestSha256, origin } = backup
  const reference = { id, instance: { id: instance.id, slug: instance.slug }, folder, manifestSha256 }
  return { backup: reference, signed: origin !== 'foreign' }
}

/** What must lie on the remote by the catalogue, file by file, and the folders of which nothing is expected. */
async function expectations(transaction: Transaction, { instanceId, remoteId }: InspectionRow) {
  const rows = await transaction.backup.findMany({
    where: { instanceId, folder: { not: null }, copies: { some: { remoteId, presence: { not: 'pruned' } } } },
    select: {
      ...{ id: true, folder: true, origin: true, manifestBytes: true },
      copies: { where: { remoteId }, select: { presence: true } },
      artifacts: { select: { name: true, parts: { select: { number: true, bytes: true, remoteHash: true } } } },
    },
  })
  const isExpected = ({ copies }: (typeof rows)[number]) =>
    copies.some(({ presence }) => presence === 'present' || presence === 'missing')
  return {
    backups: rows.filter(isExpected).map((row) => ({ backupId: row.id, folder: row.folder, files: filesOf(row) })),
    ignored: rows.filter((row) => !isExpected(row)).map(({ folder }) => folder),
  }
}

type BackupFiles = {
  origin: string
  manifestBytes: number | null
  artifacts: { name: string; parts: { number: number; bytes: bigint; remoteHash: string | null }[] }[]
}

/** By the layout of docs/remote-format.md. A foreign backup may be unsigned. */
function filesOf({ origin, manifestBytes, artifacts }: BackupFiles): ExpectedFile[] {
  const parts = artifacts.flatMap(({ name, parts: ofArtifact }) =>
    ofArtifact.map(({ number, bytes, remoteHash }) => ({
      name: `${name}.${String(number).padStart(5, '0')}`,
      bytes: Number(bytes),
      hash: remoteHash,
    })),
  )
  const others = origin === 'foreign' ? ['SHA256SUMS'] : ['SHA256SUMS', 'manifest.sig']
  return [
    { name: 'manifest.json', bytes: manifestBytes, hash: null },
    ...others.map((name) => ({ name, bytes: null, hash: null })),
    ...parts,
  ]
}
