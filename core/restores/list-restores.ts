import { db, type RunState } from '@/lib/db'
import { type OlderFile, olderFileSchema } from './older-file'
import { placeInWords, storedTargetSchema } from './target'

export type RestoreListItem = {
  id: string
  instance: { slug: string; name: string }
  /** null: of a file of the older scripts */
  backup: { id: string; planSlug: string; startedAt: Date | null; requestedAt: Date } | null
  olderFile: OlderFile | null
  state: RunState
  requestedAt: Date
  finishedAt: Date | null
  requestedBy: string | null
  /** where it was put, by worker */
  folders: string[]
  /** all its scratch places are removed */
  discarded: boolean
}

export const restoresPerPage = 25

/** Restores, newest first. A page beyond the last gives the last. */
export async function listRestores(filter: { page: number }) {
  const total = await db().restore.count()
  const pages = Math.max(1, Math.ceil(total / restoresPerPage))
  const page = Math.min(Math.max(1, filter.page), pages)
  const rows = await db().restore.findMany({
    orderBy: [{ requestedAt: 'desc' }, { id: 'asc' }],
    skip: (page - 1) * restoresPerPage,
    take: restoresPerPage,
    include: {
      instance: { select: { slug: true, name: true } },
      backup: { select: { id: true, planSlug: true, startedAt: true, requestedAt: true } },
      tasks: { select: { target: true, discardState: true } },
    },
  })
  const userIds = rows.flatMap((row) => row.requestedById ?? [])
  const users = await db().user.findMany({ where: { id: { in: userIds } }, select: { id: true, name: true } })
  const names = new Map(users.map((user) => [user.id, user.name]))
  const items: RestoreListItem[] = rows.map((row) => ({
    id: row.id,
    instance: row.instance,
    backup: row.backup,
    olderFile: olderFileSchema.nullable().parse(row.olderFile),
    state: row.state,
    requestedAt: row.requestedAt,
    finishedAt: row.finishedAt,
    requestedBy: names.get(row.requestedById ?? '') ?? null,
    folders: row.tasks.map((task) => placeInWords(storedTargetSchema.parse(task.target), row.id)),
    discarded: row.tasks.length > 0 && row.tasks.every((task) => task.discardState === 'succeeded'),
  }))
  return { items, total, page, pages }
}
