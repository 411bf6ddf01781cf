import { listWithTimes } from '@/core/refreshes/with-times'
import { isOpen } from '@/core/restores/is-open'
import { dayOf, olderFileSchema } from '@/core/restores/older-file'
import { db, Prisma, type RunState } from '@/lib/db'
import { exchangeSchema } from '@/protocol/events'
import { problemSchema } from '@/protocol/problem'
import type { WatchedRefresh } from './refresh-conditions'
import type { WatchedRestore } from './restore-conditions'

/** Restores older than this are told of no more, unless they keep something beside. */
const restoreDays = 60
const dayMilliseconds = 86_400_000

export async function readWatchedRestores(now: Date): Promise<WatchedRestore[]> {
  const rows = await db().restore.findMany({
    where: {
      OR: [
        { requestedAt: { gt: new Date(now.getTime() - restoreDays * dayMilliseconds) } },
        { tasks: { some: { exchange: { not: Prisma.AnyNull } } } },
      ],
    },
    orderBy: { requestedAt: 'asc' },
    select: {
      ...{ id: true, instanceId: true, state: true, requestedAt: true, finishedAt: true, problem: true },
      instance: { select: { id: true, name: true } },
      backup: { select: { startedAt: true, requestedAt: true } },
      olderFile: true,
      refresh: { select: { paused: true } },
      tasks: { select: { state: true, startedAt: true, discardState: true, exchange: true, dropAt: true } },
    },
  })
  const newest = new Map(rows.map(({ instanceId, id }) => [instanceId, id]))
  return rows.map(({ instanceId, backup, olderFile, refresh, tasks, problem, ...restore }) => ({
    ...restore,
    backupAt: backup ? (backup.startedAt ?? backup.requestedAt) : dayOf(olderFileSchema.parse(olderFile)),
    problem: problemSchema.nullable().catch(null).parse(problem),
    isLeft: tasks.some(
      ({ startedAt, discardState, exchange }) =>
        startedAt !== null && discardState !== 'succeeded' && exchange === null,
    ),
    kept: tasks.map(keptOf).find((kept) => kept !== null) ?? null,
    isOfRefresh: refresh?.paused === false,
    isNewest: newest.get(instanceId) === restore.id,
  }))
}

type KeptRow = { exchange: unknown; dropAt: Date | null; discardState: RunState | null }

function keptOf({ exchange: stored, dropAt, discardState }: KeptRow): WatchedRestore['kept'] {
  const exchange = exchangeSchema.safeParse(stored).data
  if (exchange?.state !== 'swapped' && exchange?.state !== 'undone') return null
  const isEnding = isOpen(discardState)
  return { state: exchange.state, at: new Date(exchange.at), bytes: exchange.besideBytes, dropAt, isEnding }
}

export async function readWatchedRefreshes(now: Date): Promise<WatchedRefresh[]> {
  const rows = await listWithTimes({}, now)
  return rows.map(({ row: { id, instance, paused, restores, problem }, dueAt }) => ({
    ...{ id, instance: { id: instance.id, name: instance.name }, paused, dueAt },
    isAtWork: restores.some(({ state, tasks }) => [state, ...tasks.map((task) => task.discardState)].some(isOpen)),
    problem: problemSchema.nullable().catch(null).parse(problem),
  }))
}
