import { planInclude } from '@/core/backups/insert-backup'
import { listKeptBackups } from '@/core/backups/list-kept-backups'
import { unkept } from '@/core/backups/retention'
import { holdUncopied } from '@/core/replications/hold-uncopied'
import { db } from '@/lib/db'
import { disagreeingWorkers } from './clocks-disagree'

export type WaitingRemovals = {
  remote: { id: string; name: string }
  /** oldest first: no rule keeps them, and they are still on the remote */
  waiting: { id: string; at: Date; bytes: number }[]
  /** no rule keeps them either, but they are still to be copied to another remote first */
  uncopied: number
  /** in the hands of a worker, or on the way there */
  underWay: number
  /** why none of them goes, apart from the shrink guard */
  hold: { workerAway: true } | { clocks: { worker: string; skewSeconds: number }[] } | null
}

/** What waits to be removed on each remote of a plan, and what holds it. */
export async function listWaitingRemovals(planId: string, now = new Date()): Promise<WaitingRemovals[]> {
  const plan = await db().plan.findUnique({ where: { id: planId }, include: planInclude })
  if (!plan) return []
  const hold = await holdOf(plan)
  return Promise.all(
    plan.targets.map(async (target) => {
      const { remoteId } = target
      const [remote, backups, underWay] = await Promise.all([
        db().remote.findUniqueOrThrow({ where: { id: remoteId }, select: { id: true, name: true } }),
        listKeptBackups(db(), planId, remoteId, plan.timeZone, now),
        db().pruneItem.count({
          where: { done: false, reason: 'retention', backup: { planId }, prune: { remoteId, state: openStates } },
        }),
      ])
      const going = new Set(unkept(await holdUncopied(db(), planId, backups, now), target, now))
      const uncopied = unkept(backups, target, now).filter((id) => !going.has(id)).length
      const waiting = backups.filter(({ id }) => going.has(id)).sort((a, b) => a.sequence - b.sequence)
      return { remote, waiting: waiting.map(({ id, at, bytes }) => ({ id, at, bytes })), uncopied, underWay, hold }
    }),
  )
}

const openStates = { in: ['queued', 'running'] as ('queued' | 'running')[] }

async function holdOf(plan: {
  instanceId: string
  sources: { source: { worker: { state: string } } }[]
}): Promise<WaitingRemovals['hold']> {
  if (plan.sources.every(({ source }) => source.worker.state !== 'active')) return { workerAway: true }
  const workers = await disagreeingWorkers(db(), plan.instanceId)
  if (workers.length === 0) return null
  return { clocks: workers.map(({ slug, clockSkewSeconds }) => ({ worker: slug, skewSeconds: clockSkewSeconds })) }
}
