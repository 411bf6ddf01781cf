import type { Actor } from '@/core/audit/actor'
import { planInclude } from '@/core/backups/insert-backup'
import { listKeptBackups } from '@/core/backups/list-kept-backups'
import { unkept } from '@/core/backups/retention'
import { holdUncopied } from '@/core/replications/hold-uncopied'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { clocksDisagree } from './clocks-disagree'
import { requestRemoval } from './request-removal'

/**
 * Removes at once all that waits on a remote of a plan, instead of a few with each new backup: a person has seen exactly these
 * `backupIds` and accepts. The shrink guard and clocks that disagree hold it all the same.
 * Throws Problem `unknown-plan`, `removal-held`, `clocks-disagree`, `worker-not-active`, `list-changed`.
 */
export async function removeWaiting(
  actor: Actor,
  planId: string,
  { remoteId, backupIds }: { remoteId: string; backupIds: string[] },
  now = new Date(),
): Promise<void> {
  const { worker, prune } = await db().$transaction(async (transaction) => {
    const plan = await transaction.plan.findUnique({ where: { id: planId }, include: planInclude })
    const target = plan?.targets.find((candidate) => candidate.remoteId === remoteId)
    if (!plan || !target) throw refusal('unknown-plan', 'There is no such plan, or it has another remote now.')
    if (plan.heldAt) throw refusal('removal-held', 'The shrink guard holds this plan.', 'Look at its reason first.')
    if (await clocksDisagree(transaction, plan.instanceId))
      throw refusal('clocks-disagree', 'The clock of a worker differs from ours.', 'Set the clocks right first.')
    const active = plan.sources.map(({ source }) => source.worker).find(({ state }) => state === 'active')
    if (!active) throw refusal('worker-not-active', 'This plan has no active worker that could remove them.')
    const there = await listKeptBackups(transaction, planId, remoteId, plan.timeZone, now)
    const backups = await holdUncopied(transaction, planId, there, now)
    const waiting = unkept(backups, target, now)
    // both are in the order of the database
    if (waiting.length === 0 || waiting.join() !== backupIds.join())
      throw refusal('list-changed', 'What waits to be removed is not what was shown.', 'Look at the list again.')
    const place = { instanceId: plan.instanceId, workerId: active.id, remoteId }
    return {
      worker: active,
      prune: await requestRemoval(transaction, actor, plan, place, backups, waiting, now),
    }
  })
  await enqueueRun(worker, 'prune', { id: prune.id, attempt: prune.attempt })
}

function refusal(code: string, text: string, action = 'Load the page again.'): Problem {
  return new Problem({ code, text, action })
}
