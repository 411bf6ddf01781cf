import { nextRun } from '@/core/plans/schedule'
import { startOf } from '@/core/plans/start-time'
import { db } from '@/lib/db'
import type { Standing } from '@/protocol/worker-api'
import { judgeInstance, type PlanHealthFacts } from './judge'
import { readHealthFacts } from './read-facts'

/** How an instance's plans stand, for its own workers: no word of any other instance. */
export async function describeStanding(
  instance: { id: string; slug: string; name: string },
  now = new Date(),
): Promise<Standing> {
  const { id, slug, name } = instance
  const [[facts], slugs, web] = await Promise.all([
    readHealthFacts({ instanceId: id }),
    db().plan.findMany({ where: { instanceId: id }, select: { id: true, slug: true } }),
    db().processLife.findUnique({ where: { name: 'web' } }),
  ])
  if (!facts) return { instance: { slug, name }, plans: [] }
  const health = judgeInstance(facts, web?.upSince ?? new Date(0), now)
  const bytes = await readBytes(facts.plans.flatMap(({ newestGood }) => newestGood?.id ?? []))
  const slugOf = new Map(slugs.map((plan) => [plan.id, plan.slug]))
  const plans = facts.plans.flatMap((plan) => {
    const judged = health.plans.get(plan.id)
    const planSlug = slugOf.get(plan.id)
    if (!judged || !planSlug) return []
    const { newestGood } = plan
    return {
      ...{ slug: planSlug, state: judged.state, text: (judged.findings[0]?.text ?? 'All is well.').slice(0, 1000) },
      overdueSince: judged.overdueSince?.toISOString() ?? null,
      overdueFrom: plan.paused ? null : (overdueFrom(plan)?.toISOString() ?? null),
      newestGood: newestGood && {
        finishedAt: newestGood.finishedAt.toISOString(),
        seconds:
          newestGood.startedAt &&
          Math.max(0, (newestGood.finishedAt.getTime() - newestGood.startedAt.getTime()) / 1000),
        bytes: bytes.get(newestGood.id) ?? 0,
      },
    }
  })
  return { instance: { slug, name }, plans }
}

/** When the run after the newest good one is late: its worker can tell so although nobody answers it any more. */
function overdueFrom(plan: PlanHealthFacts): Date | null {
  const { newestGood, scheduledFrom, graceSeconds } = plan
  const covered = [scheduledFrom, newestGood?.plannedAt, newestGood?.startedAt].map((at) => at?.getTime() ?? 0)
  const dueAt = nextRun(plan.cron, plan.timeZone, new Date(Math.max(...covered)))
  return dueAt && new Date(startOf(plan, dueAt).getTime() + graceSeconds * 1000)
}

async function readBytes(ids: string[]): Promise<Map<string, number>> {
  const rows = await db().backup.findMany({ where: { id: { in: ids } }, select: { id: true, bytes: true } })
  return new Map(rows.map(({ id, bytes }) => [id, Number(bytes)]))
}
