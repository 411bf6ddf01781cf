import { scheduleOf } from '@/core/plans/plan-columns'
import { latestDueOf } from '@/core/plans/start-time'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { type Backup, db, type Transaction, type Worker } from '@/lib/db'
import { log } from '@/lib/log'
import { type ProblemFacts, toProblemFacts } from '@/protocol/problem'
import { insertBackup, type NewBackup, type PlanWithParts, placeOfPlan, planInclude } from './insert-backup'
import { missedWindow } from './start-rules'

/** Inserted in one transaction: many share one sync of the disk, and other writers wait but shortly. */
const insertedAtOnce = 50

type DueRun = { plan: PlanWithParts; plannedAt: Date }
type InsertedRun = { backup: Backup; worker: Worker | null }

/**
 * Inserts a backup for every plan that is due, and enqueues it. After an outage a plan gets one catch-up run; a run that is
 * due while the one before still goes on, or that comes too late for its plan's window, is recorded as skipped. Several
 * controls may tick at once: plan and planned time are unique.
 */
export async function planDueBackups(now = new Date()): Promise<void> {
  const due = inTurns(await findDueRuns(now))
  for (let first = 0; first < due.length; first += insertedAtOnce) {
    const inserted = await insertRuns(due.slice(first, first + insertedAtOnce), now)
    await Promise.all(inserted.map(enqueueInserted))
  }
}

async function findDueRuns(now: Date): Promise<DueRun[]> {
  const plans = await db().plan.findMany({ where: { paused: false }, include: planInclude })
  const plannedUpTo = await readPlannedUpTo(now)
  return plans.flatMap((plan) => {
    const plannedAt = dueAt(plan, plannedUpTo.get(plan.id) ?? plan.scheduledFrom, now)
    return plannedAt ? [{ plan, plannedAt }] : []
  })
}

function dueAt(plan: PlanWithParts, plannedUpTo: Date, now: Date): Date | null {
  const after = new Date(Math.max(plan.scheduledFrom.getTime(), plannedUpTo.getTime()))
  try {
    return latestDueOf(scheduleOf(plan), after, now)
  } catch (error) {
    logFault(plan, error)
    return null
  }
}

/** By plan. Times in the future, planned while the clock was wrong, do not count: the plan would stand still until then. */
async function readPlannedUpTo(now: Date): Promise<Map<string | null, Date | null>> {
  const latest = await db().backup.groupBy({
    by: ['planId'],
    where: { plannedAt: { lte: now } },
    _max: { plannedAt: true },
  })
  return new Map(latest.map(({ planId, _max }) => [planId, _max.plannedAt]))
}

/** The longest due first, but one of each instance in turn: an instance with many plans never holds up the others. */
function inTurns(due: DueRun[]): DueRun[] {
  const taken = new Map<string, number>()
  return due
    .toSorted((a, b) => a.plannedAt.getTime() - b.plannedAt.getTime())
    .map((run) => {
      const turn = taken.get(run.plan.instanceId) ?? 0
      taken.set(run.plan.instanceId, turn + 1)
      return { run, turn }
    })
    .sort((a, b) => a.turn - b.turn)
    .map(({ run }) => run)
}

/** One plan at fault must not stop the others: where not all can be inserted together, each is by itself. */
async function insertRuns(due: DueRun[], now: Date): Promise<InsertedRun[]> {
  try {
    return await db().$transaction((transaction) => insertTogether(transaction, due, now))
  } catch (error) {
    const [first, ...others] = due
    if (!first) return []
    if (others.length === 0) {
      logFault(first.plan, error)
      return []
    }
    const inserted: InsertedRun[] = []
    for (const run of due) inserted.push(...(await insertRuns([run], now)))
    return inserted
  }
}

async function insertTogether(transaction: Transaction, due: DueRun[], now: Date): Promise<InsertedRun[]> {
  const ofThese = { planId: { in: due.map(({ plan }) => plan.id) } }
  const open = await transaction.backup.findMany({ where: { ...ofThese, state: { in: ['queued', 'running'] } } })
  const taken = await transaction.backup.findMany({
    where: { ...ofThese, plannedAt: { in: due.map(({ plannedAt }) => plannedAt) } },
    select: { planId: true, plannedAt: true },
  })
  const inserted: InsertedRun[] = []
  for (const { plan, plannedAt } of due) {
    // the other control was first
    if (taken.some((run) => run.planId === plan.id && run.plannedAt?.getTime() === plannedAt.getTime())) continue
    const missed = missedWindow(plan, plannedAt, now)
    const { state, problem, place } = fateOf(
      plan,
      open.find((backup) => backup.planId === plan.id),
      missed,
    )
    const facts = { kind: 'scheduled', plannedAt, requestedById: null, state, problem, place } as const
    inserted.push({
      backup: await insertBackup(transaction, plan, facts, now),
      worker: place?.workers[0] ?? null,
    })
  }
  return inserted
}

async function enqueueInserted({ backup, worker }: InsertedRun): Promise<void> {
  if (worker && backup.state === 'queued') await enqueueRun(worker, 'backup', { id: backup.id, attempt: 1 })
}

/** `open`: the backup of the plan that still waits or runs; `missed`: why it is too late for this one */
function fateOf(
  plan: PlanWithParts,
  open: Backup | undefined,
  missed: ProblemFacts | null,
): Pick<NewBackup, 'state' | 'problem' | 'place'> {
  try {
    const place = placeOfPlan(plan)
    const problem = open ? stillOpen(open, place.workers[0]) : missed
    return problem ? { state: 'skipped', problem, place } : { state: 'queued', problem: null, place }
  } catch (error) {
    return { state: 'failed', problem: toProblemFacts(error), place: null }
  }
}

function logFault(plan: PlanWithParts, error: unknown): void {
  log.error({ err: error, plan: plan.id }, 'this plan could not be planned')
}

function stillOpen(open: Backup, worker: Worker): ProblemFacts {
  if (open.state === 'running')
    return {
      code: 'still-running',
      text: 'The backup before this one was still running when this one was due.',
      action: 'Plan it less often, or look why it takes so long.',
    }
  return {
    code: 'still-queued',
    text: `The backup before this one still waits for the worker “${worker.slug}”, which takes it up when it is back.`,
    action: `Look whether the worker on ${worker.hostName} runs.`,
  }
}
