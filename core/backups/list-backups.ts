import { type BackupKind, db, type Environment, type Presence, type RunState, type Verification } from '@/lib/db'
import { type BackupFilter, conditionOf } from './backup-filter'
import { orderOf } from './backup-order'
import { isPinned } from './is-pinned'
import { type BackupOrder, newestFirst } from './sort-rules'

export type BackupListItem = {
  id: string
  instance: { slug: string; name: string; environment: Environment }
  planSlug: string
  planId: string | null
  kind: BackupKind
  state: RunState
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  bytes: number
  warningCount: number
  pinned: boolean
  copies: { presence: Presence; verification: Verification }[]
}

export type BackupPage = {
  items: BackupListItem[]
  total: number
  page: number
  pages: number
}

export const backupsPerPage = 25

/** A page of the backups that fit, pages counted from 1. One beyond the last gives the last. */
export async function listBackups(
  filter: BackupFilter,
  { page: wanted = 1, order = newestFirst }: { page?: number | undefined; order?: BackupOrder } = {},
): Promise<BackupPage> {
  const total = await countBackups(filter)
  const pages = Math.max(1, Math.ceil(total / backupsPerPage))
  const page = Math.min(Math.max(1, wanted), pages)
  const sequences = await db().$queryRaw<{ sequence: number }[]>`
    SELECT b.sequence FROM Backup b WHERE ${conditionOf(filter)} ${orderOf(order)}
    LIMIT ${backupsPerPage} OFFSET ${(page - 1) * backupsPerPage}`
  return { items: await readItems(sequences.map(({ sequence }) => sequence)), total, page, pages }
}

export async function countBackups(filter: BackupFilter): Promise<number> {
  const [row] = await db().$queryRaw<{ total: bigint }[]>`
    SELECT COUNT(*) AS total FROM Backup b WHERE ${conditionOf(filter)}`
  return Number(row?.total ?? 0)
}

async function readItems(sequences: number[]): Promise<BackupListItem[]> {
  const rows = await db().backup.findMany({
    where: { sequence: { in: sequences } },
    select: {
      sequence: true,
      id: true,
      instance: { select: { slug: true, name: true, environment: true } },
      planSlug: true,
      planId: true,
      kind: true,
      state: true,
      requestedAt: true,
      startedAt: true,
      finishedAt: true,
      bytes: true,
      warningCount: true,
      pinnedAt: true,
      pinnedUntil: true,
      copies: { select: { presence: true, verification: true } },
    },
  })
  const bySequence = new Map(rows.map((row) => [row.sequence, row]))
  return sequences.flatMap((sequence) => {
    const row = bySequence.get(sequence)
    if (!row) return [] // deleted meanwhile
    const { sequence: _, bytes, pinnedAt, pinnedUntil, ...item } = row
    return [{ ...item, bytes: Number(bytes), pinned: isPinned({ pinnedAt, pinnedUntil }, new Date()) }]
  })
}
