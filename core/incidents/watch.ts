import { listeningSince } from '@/core/processes/listening-since'
import { db } from '@/lib/db'
import { applyChanges } from './apply-changes'
import { type Change, changesOf } from './changes'
import { deriveConditions, subjectStateOf } from './derive-conditions'
import { readWatchFacts } from './read-watch-facts'
import { controlGap } from './system-conditions'

/** Without a look for so long nobody watched, and that is told. */
const gapMilliseconds = 15 * 60_000
/** Incidents closed longer ago are never opened again. */
const returnMilliseconds = 60 * 60_000

/**
 * Looks at all facts, opens and closes incidents, and writes into the outbox whom that is told to, in one transaction: a kill
 * leaves all of it or nothing. Looking twice changes nothing more. After a gap, what happened meanwhile is one message.
 */
export async function watch(now = new Date()): Promise<void> {
  const facts = await readWatchFacts(await listeningSince(now), now)
  const conditions = deriveConditions(facts, now)
  await db().$transaction(async (transaction) => {
    const life = await transaction.processLife.findUnique({ where: { name: 'watch' } })
    const known = await transaction.incident.findMany({
      where: { OR: [{ closedAt: null }, { closedAt: { gt: new Date(now.getTime() - returnMilliseconds) } }] },
    })
    const changes: Change[] = changesOf(known, conditions, subjectStateOf(facts, now), now)
    const awaySince = gapOf(life, now)
    if (awaySince) changes.unshift({ type: 'note', condition: controlGap(awaySince, now), tell: 'closed' })
    await applyChanges(transaction, changes, now)
    const beat = { upSince: awaySince || !life ? now : life.upSince, lastSeenAt: now }
    await transaction.processLife.upsert({ where: { name: 'watch' }, create: { name: 'watch', ...beat }, update: beat })
  })
}

/** Since when nobody watched; null: somebody did, or the clock was set back. */
function gapOf(life: { lastSeenAt: Date } | null, now: Date): Date | null {
  return life && now.getTime() - life.lastSeenAt.getTime() > gapMilliseconds ? life.lastSeenAt : null
}
