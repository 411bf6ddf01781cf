import { type BackupKind, db, type Presence, type Prisma, type RunState } from '@/lib/db'

export type BackupFilter = {
  /** slug */
  instance?: string | undefined
  state?: RunState | undefined
  /** slug; only together with an instance */
  plan?: string | undefined
  /** from 1 */
  page: number
}

export type BackupListItem = {
  id: string
  instance: { slug: string; name: string }
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
  presences: Presence[]
}

export type BackupPage = {
  items: BackupListItem[]
  total: number
  page: number
  pages: number
}

export const backupsPerPage = 25

/** Backups, newest first. A page beyond the last gives the last. */
export async function listBackups(filter: BackupFilter): Promise<BackupPage> {
  const where: Prisma.BackupWhereInput = {
    ...(filter.instance ? { instance: { slug: filter.instance } } : {}),
    ...(filter.state ? { state: filter.state } : {}),
    ...(filter.plan ? { planSlug: filter.plan } : {}),
  }
  const total = await db().backup.count({ where })
  const pages = Math.max(1, Math.ceil(total / backupsPerPage))
  const page = Math.min(Math.max(1, filter.page), pages)
  const rows = await db().backup.findMany({
    where,
    orderBy: { sequence: 'desc' },
    skip: (page - 1) * backupsPerPage,
    take: backupsPerPage,
    select: {
      id: true,
      instance: { select: { slug: true, name: true } },
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
      copies: { select: { presence: true } },
    },
  })
  const items = rows.map(({ bytes, pinnedAt, copies, ...row }) => ({
    ...row,
    bytes: Number(bytes),
    pinned: pinnedAt !== null,
    presences: copies.map((copy) => copy.presence),
  }))
  return { items, total, page, pages }
}
