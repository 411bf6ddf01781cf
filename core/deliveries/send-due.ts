import { db, type Channel, type Delivery } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { log } from '@/lib/log'
import { messageOf } from './message-of'
import { backoffMilliseconds, givenUpAfterMilliseconds, isDue, leaseMilliseconds, nextOf } from './outbox-rules'
import { NotDelivered, placeOfChannel, sendMessage } from './send-message'

/** So many messages of one channel in one go. */
const mostAtOnce = 20

/**
 * Sends what is due, each channel by itself: one that hangs or fails holds up no other. An attempt is written down before it is made,
 * so that after a kill the same message goes out once more under the same id, and none is lost.
 */
export async function sendDue(now: () => Date = () => new Date()): Promise<void> {
  const channels = await db().channel.findMany({
    where: { paused: false, deliveries: { some: { state: 'waiting' } } },
  })
  await Promise.all(channels.map((channel) => sendOfChannel(channel, now)))
}

async function sendOfChannel(channel: Channel, now: () => Date): Promise<void> {
  for (let sent = 0; sent < mostAtOnce; sent++) {
    const delivery = await claimNext(channel.id, now())
    if (!delivery) return
    if (!(await attempt(channel, delivery, now))) return
  }
}

/** The next that is due, with this attempt written down; null: none is, or another control took it. */
async function claimNext(channelId: string, now: Date): Promise<Delivery | null> {
  const waiting = await db().delivery.findMany({
    where: { channelId, state: 'waiting' },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: 100,
  })
  const next = nextOf(waiting, now)
  if (!next || !isDue(next, now)) return null
  const { id, attempts } = next
  const claimed = await db().delivery.updateMany({
    where: { id, attempts, state: 'waiting', nextAttemptAt: next.nextAttemptAt },
    data: {
      attempts: attempts + 1,
      attemptedAt: now,
      nextAttemptAt: new Date(now.getTime() + leaseMilliseconds),
    },
  })
  return claimed.count === 1 ? db().delivery.findUnique({ where: { id } }) : null
}

/** True when it got through. */
async function attempt(channel: Channel, delivery: Delivery, now: () => Date): Promise<boolean> {
  const { id, kind, createdAt, attempts, content } = delivery
  try {
    const message = messageOf(delivery, controlPlaneEnv().publicUrl)
    const parcel = { id, kind, createdAt, attempt: attempts, message, content }
    const answer = await sendMessage(placeOfChannel(channel), parcel)
    await db().$transaction([
      db().delivery.update({ where: { id }, data: { state: 'sent', sentAt: now(), answer, nextAttemptAt: null } }),
      db().channel.update({ where: { id: channel.id }, data: { failingSince: null } }),
    ])
    return true
  } catch (error) {
    await noteFailure(channel, delivery, error, now())
    return false
  }
}

async function noteFailure(channel: Channel, { id, attempts, createdAt }: Delivery, error: unknown, now: Date) {
  const answer = wordsOf(error, channel)
  const pause = error instanceof NotDelivered ? error.retryAfterMilliseconds : null
  const isGivenUp = now.getTime() - createdAt.getTime() > givenUpAfterMilliseconds
  await db().$transaction(async (transaction) => {
    // removed while it was tried
    if (!(await transaction.delivery.findUnique({ where: { id } }))) return
    const nextAttemptAt = new Date(now.getTime() + backoffMilliseconds(attempts, pause))
    await transaction.delivery.update({
      where: { id },
      data: isGivenUp ? { state: 'failed', answer, nextAttemptAt: null } : { answer, nextAttemptAt },
    })
    const { failingSince } = await transaction.channel.findUniqueOrThrow({ where: { id: channel.id } })
    if (!failingSince) await transaction.channel.update({ where: { id: channel.id }, data: { failingSince: now } })
  })
}

function wordsOf(error: unknown, channel: Channel): string {
  if (error instanceof NotDelivered) return error.message
  log.error({ err: error, channel: channel.id }, 'a message could not be made')
  return 'Talekeeper could not make this message; its log says why'
}
