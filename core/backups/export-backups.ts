import { db, type Prisma } from '@/lib/db'
import { problemSchema } from '@/protocol/problem'
import { type BackupFilter, conditionOf } from './backup-filter'
import { orderOf } from './backup-order'
import { type BackupOrder, newestFirst } from './sort-rules'

/** Moments are ISO 8601 in UTC, sizes exact bytes. */
export type ExportedBackup = {
  id: string
  instance: string
  instanceName: string
  environment: string
  plan: string
  kind: string
  state: string
  plannedAt: string | null
  requestedAt: string
  startedAt: string | null
  finishedAt: string | null
  durationSeconds: number | null
  bytes: number
  rawBytes: number
  warningCount: number
  folder: string | null
  manifestSha256: string | null
  copies: { remote: string; presence: string; verification: string; verifiedAt: string | null }[]
  pinnedAt: string | null
  pinnedUntil: string | null
  pinReason: string | null
  problem: string | null
}

const readAtOnce = 250

/**
 * Every backup that fits, in order. Only their numbers are held in memory (a few bytes each), so that the order stays what it was
 * at the beginning; the rest is read as it is asked for.
 */
export async function* exportBackups(
  filter: BackupFilter,
  order: BackupOrder = newestFirst,
): AsyncGenerator<ExportedBackup> {
  const rows = await db().$queryRaw<{ sequence: number }[]>`
    SELECT b.sequence FROM Backup b WHERE ${conditionOf(filter)} ${orderOf(order)}`
  const sequences = Uint32Array.from(rows, ({ sequence }) => sequence)
  for (let first = 0; first < sequences.length; first += readAtOnce)
    yield* await readRows([...sequences.subarray(first, first + readAtOnce)])
}

const select = {
  sequence: true,
  id: true,
  instance: { select: { slug: true, name: true, environment: true } },
  planSlug: true,
  kind: true,
  state: true,
  plannedAt: true,
  requestedAt: true,
  startedAt: true,
  finishedAt: true,
  bytes: true,
  rawBytes: true,
  warningCount: true,
  folder: true,
  manifestSha256: true,
  pinnedAt: true,
  pinnedUntil: true,
  pinReason: true,
  problem: true,
  copies: {
    select: { presence: true, verification: true, verifiedAt: true, remote: { select: { slug: true } } },
  },
} satisfies Prisma.BackupSelect

type Row = Prisma.BackupGetPayload<{ select: typeof select }>

async function readRows(sequences: number[]): Promise<ExportedBackup[]> {
  const rows = await db().backup.findMany({ where: { sequence: { in: sequences } }, select })
  const bySequence = new Map(rows.map((row) => [row.sequence, row]))
  return sequences.flatMap((sequence) => {
    const row = bySequence.get(sequence)
    return row ? [toExported(row)] : []
  })
}

function toExported({ instance, startedAt, finishedAt, ...row }: Row): ExportedBackup {
  const problem = problemSchema.safeParse(row.problem)
  return {
    id: row.id,
    instance: instance.slug,
    instanceName: instance.name,
    environment: instance.environment,
    plan: row.planSlug,
    kind: row.kind,
    state: row.state,
    plannedAt: iso(row.plannedAt),
    requestedAt: row.requestedAt.toISOString(),
    startedAt: iso(startedAt),
    finishedAt: iso(finishedAt),
    durationSeconds: startedAt && finishedAt ? (finishedAt.getTime() - startedAt.getTime()) / 1000 : null,
    bytes: Number(row.bytes),
    rawBytes: Number(row.rawBytes),
    warningCount: row.warningCount,
    folder: row.folder,
    manifestSha256: row.manifestSha256,
    copies: row.copies.map(({ remote, presence, verification, verifiedAt }) => ({
      remote: remote.slug,
      presence,
      verification,
      verifiedAt: iso(verifiedAt),
    })),
    pinnedAt: iso(row.pinnedAt),
    pinnedUntil: iso(row.pinnedUntil),
    pinReason: row.pinReason,
    problem: problem.success ? problem.data.text : null,
  }
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
