import { db } from '@/lib/db'

/** Who hears of what, control first; and the plans that may be chosen. */
export async function listPings() {
  const [rows, plans] = await Promise.all([
    db().ping.findMany({
      include: { plan: { select: { id: true, name: true, instance: { select: { name: true } } } } },
    }),
    db().plan.findMany({
      orderBy: [{ instance: { name: 'asc' } }, { name: 'asc' }],
      select: { id: true, name: true, instance: { select: { name: true } } },
    }),
  ])
  const pings = rows
    .map(({ id, plan, place, toldAt, answer, failingSince }) => ({
      ...{ id, place, toldAt, answer, failingSince },
      plan: plan && { id: plan.id, label: `${plan.name} of ${plan.instance.name}` },
    }))
    .sort((a, b) => (a.plan?.label ?? '').localeCompare(b.plan?.label ?? ''))
  return { pings, plans: plans.map(({ id, name, instance }) => ({ id, label: `${name} of ${instance.name}` })) }
}
export type PingListItem = Awaited<ReturnType<typeof listPings>>['pings'][number]
