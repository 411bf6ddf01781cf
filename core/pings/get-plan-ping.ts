import { db } from '@/lib/db'

const shownAttempts = 20

/** Who else hears of a plan's runs, and what they answered lately, newest first. Null: nobody does. */
export function getPlanPing(planId: string) {
  return db().ping.findUnique({
    where: { planId },
    select: {
      ...{ id: true, place: true, failingSince: true },
      attempts: { orderBy: { id: 'desc' }, take: shownAttempts },
    },
  })
}
export type PlanPing = NonNullable<Awaited<ReturnType<typeof getPlanPing>>>
