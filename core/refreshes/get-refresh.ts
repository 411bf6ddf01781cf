import { isOpen } from '@/core/restores/is-open'
import { wordsOf } from '@/core/restores/what-words'
import { nextRun } from '@/core/plans/schedule'
import { db, type RunState } from '@/lib/db'
import type { Environment } from '@/protocol/names'
import { Problem, type ProblemFacts, problemSchema } from '@/protocol/problem'
import { isInWindow } from './due-time'
import { refreshRequestSchema } from './refresh-request'
import { listWithTimes, type RefreshRow } from './with-times'

/**
 * `waiting`: for its next time. `beginning`: its time has come, and a restore is asked for once nothing is left of the last run.
 * `late`: that did not happen in time, and is not tried any more. `at-work`: its restore waits or runs.
 */
export type RefreshStanding = 'waiting' | 'beginning' | 'late' | 'at-work' | 'paused'

export type RefreshListItem = {
  id: string
  instance: { slug: string; name: string; environment: Environment }
  /** whose newest good backup it takes; null: it was deleted */
  plan: { id: string; name: string; instanceName: string } | null
  cron: string
  timeZone: string
  standing: RefreshStanding
  /** null: it is paused */
  nextAt: Date | null
  last: RefreshRun | null
}

export type RefreshRun = {
  restoreId: string
  state: RunState
  /** null: the restore that it repeats */
  plannedAt: Date | null
  requestedAt: Date
  finishedAt: Date | null
}

export type RefreshDetail = RefreshListItem & {
  /** in words */
  what: string[]
  appliesFixUps: boolean
  makesSafety: boolean
  createdBy: string | null
  createdAt: Date
  isPaused: boolean
  /** what keeps it from beginning, or kept it */
  problem: ProblemFacts | null
  /** the newest first */
  runs: RefreshRun[]
}

/** Throws Problem `not-found`. */
export async function getRefresh(id: string, now = new Date()): Promise<RefreshDetail> {
  const [found] = await listWithTimes({ id }, now)
  if (!found) throw new Problem({ code: 'not-found', text: 'There is no such refresh.' })
  const { row, dueAt } = found
  const { artifacts, selection, fixUps, inPlace } = refreshRequestSchema.parse(row.request)
  const maker = await db().user.findUnique({ where: { id: row.createdById }, select: { name: true } })
  return {
    ...toItem(found, now),
    what: wordsOf({ artifacts, selection }),
    appliesFixUps: fixUps !== null,
    makesSafety: inPlace.safety,
    createdBy: maker?.name ?? null,
    createdAt: row.createdAt,
    isPaused: row.paused,
    problem: dueAt && problemSchema.nullable().catch(null).parse(row.problem),
    runs: row.restores.map(toRun),
  }
}

export async function listRefreshes(now = new Date()): Promise<RefreshListItem[]> {
  return (await listWithTimes({}, now)).map((found) => toItem(found, now))
}

type Found = Awaited<ReturnType<typeof listWithTimes>>[number]

function toItem(found: Found, now: Date): RefreshListItem {
  const { id, instance, plan, cron, timeZone, paused, restores } = found.row
  const { slug, name, environment } = instance
  const [last] = restores
  return {
    ...{ id, cron, timeZone, instance: { slug, name, environment } },
    plan: plan && { id: plan.id, name: plan.name, instanceName: plan.instance.name },
    standing: standingOf(found, now),
    nextAt: paused ? null : nextRun(cron, timeZone, now),
    last: last ? toRun(last) : null,
  }
}

function standingOf({ row: { restores, paused }, dueAt }: Found, now: Date): RefreshStanding {
  if (restores.some(({ state }) => isOpen(state))) return 'at-work'
  if (dueAt) return isInWindow(dueAt, now) ? 'beginning' : 'late'
  return paused ? 'paused' : 'waiting'
}

function toRun({ id, state, plannedAt, requestedAt, finishedAt }: RefreshRow['restores'][number]): RefreshRun {
  return { restoreId: id, state, plannedAt, requestedAt, finishedAt }
}
