import { channelRulesOf } from '@/core/channels/channel-rules-of'
import { endOfQuiet, isTold, paced } from '@/core/channels/rules'
import type { Channel, Transaction } from '@/lib/db'
import { changesContentSchema, type Entry } from './content'
import { gatherEntries } from './gather-entries'

/** Of the subject too, so that a channel does not tell of its own failure. */
export type Telling = { entry: Entry; subject: string }

/**
 * Writes into the outbox who is told what, in the transaction of the changes themselves: all changes of one moment are one message
 * a channel, and join one that is still waiting.
 */
export async function enqueueChanges(transaction: Transaction, tellings: Telling[], now: Date): Promise<void> {
  if (tellings.length === 0) return
  for (const channel of await transaction.channel.findMany()) {
    const rules = channelRulesOf(channel)
    const told = tellings.filter(({ entry, subject }) => isTold({ ...channel, ...rules }, { ...entry, subject }))
    const quietEnd = endOfQuiet(channel, now)
    const urgent = told.filter(({ entry }) => !quietEnd || entry.severity === 'critical')
    const calm = told.filter((telling) => !urgent.includes(telling))
    const entriesOf = (some: Telling[]) => some.map(({ entry }) => entry)
    if (urgent.length > 0) await enqueue(transaction, channel, entriesOf(urgent), null, now)
    if (calm.length > 0) await enqueue(transaction, channel, entriesOf(calm), quietEnd, now)
  }
}

async function enqueue(transaction: Transaction, channel: Channel, entries: Entry[], quietEnd: Date | null, now: Date) {
  const isUrgent = quietEnd === null
  const waiting = await transaction.delivery.findFirst({
    where: { channelId: channel.id, kind: 'changes', state: 'waiting', attempts: 0, isUrgent },
    orderBy: { createdAt: 'desc' },
  })
  const gathered = waiting ? changesContentSchema.parse(waiting.content) : { entries: [], leftOut: 0 }
  const content = gatherEntries(gathered, entries)
  if (waiting) await transaction.delivery.update({ where: { id: waiting.id }, data: { content } })
  else {
    const notBefore = quietEnd ?? paced(await recentTimes(transaction, channel.id), now)
    await transaction.delivery.create({
      data: { channelId: channel.id, kind: 'changes', content, isUrgent, createdAt: now, notBefore },
    })
  }
}

async function recentTimes(transaction: Transaction, channelId: string): Promise<Date[]> {
  const latest = await transaction.delivery.findMany({
    where: { channelId, kind: 'changes' },
    orderBy: { createdAt: 'desc' },
    take: 20,
    select: { notBefore: true },
  })
  return latest.map(({ notBefore }) => notBefore)
}
