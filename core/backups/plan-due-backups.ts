import { latestDue } from '@/core/plans/schedule'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { type Backup, db, isUniqueViolation, type Transaction, type Worker } from '@/lib/db'
import { log } from '@/lib/log'
import { type ProblemFacts, toProblemFacts } from '@/protocol/problem'
import { insertBackup, type NewBackup, type PlanWithParts, placeOfPlan, planInclude } from './insert-backup'

/**
 * Inserts a backup for every plan that is due, and enqueues it. After an outage a plan gets one catch-up run; a run that is
 * due while the one before still goes on is recorded as skipped. Several controls may tick at once: plan and planned time are
 * unique.
 */
export async function planDueBackups(now = new Date()): Promise<void> {
  const plans = await db().plan.findMany({ where: { paused: false }, include: planInclude })
  for (const plan of plans) {
    try {
      await planDueBackup(plan, now)
    } catch (error) {
      // one plan at fault must not stop the others
      log.error({ err: error, plan: plan.id }, 'this plan could not be planned')
    }
  }
}

async function planDueBackup(plan: PlanWithParts, now: Date): Promise<void> {
  const plannedAt = latestDue(plan.cron, plan.timeZone, await plannedUpTo(plan, now), now)
  if (!plannedAt) return
  const inserted = await insertOnce(plan, plannedAt, now)
  if (inserted?.worker && inserted.backup.state === 'queued')
    await enqueueRun(inserted.worker, 'backup', { id: inserted.backup.id, attempt: inserted.backup.attempt })
}

/** Times in the future, planned while the clock was wrong, do not count: the plan would stand still until then. */
async function plannedUpTo(plan: PlanWithParts, now: Date): Promise<Date> {
  const last = await db().backup.findFirst({
    where: { planId: plan.id, plannedAt: { lte: now } },
    orderBy: { plannedAt: 'desc' },
  })
  const from = plan.scheduledFrom.getTime()
  return new Date(Math.max(from, last?.plannedAt?.getTime() ?? from))
}

async function insertOnce(
  plan: PlanWithParts,
  plannedAt: Date,
  now: Date,
): Promise<{ backup: Backup; worker: Worker | null } | null> {
  try {
    return await db().$transaction(async (transaction) => {
      const { state, problem, place } = await fateOf(transaction, plan)
      const facts = { kind: 'scheduled', plannedAt, requestedById: null, state, problem, place } as const
      const backup = await insertBackup(transaction, plan, facts, now)
      return { backup, worker: place?.worker ?? null }
    })
  } catch (error) {
    if (isUniqueViolation(error)) return null // the other control was first
    throw error
  }
}

async function fateOf(
  transaction: Transaction,
  plan: PlanWithParts,
): Promise<Pick<NewBackup, 'state' | 'problem' | 'place'>> {
  try {
    const place = placeOfPlan(plan)
    const open = await transaction.backup.findFirst({
      where: { planId: plan.id, state: { in: ['queued', 'running'] } },
    })
    return open
      ? { state: 'skipped', problem: stillOpen(open, place.worker), place }
      : { state: 'queued', problem: null, place }
  } catch (error) {
    return { state: 'failed', problem: toProblemFacts(error), place: null }
  }
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
