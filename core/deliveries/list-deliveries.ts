import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { messageOf } from './message-of'

const mostShown = 50

/** The latest messages of a channel, newest first, each with its subject and the other side's answer. */
export async function listDeliveries(channelId: string) {
  const rows = await db().delivery.findMany({
    where: { channelId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: mostShown,
  })
  return rows.map((row) => {
    const { id, kind, state, createdAt, notBefore, attempts, attemptedAt, nextAttemptAt, sentAt, answer } = row
    const { subject } = messageOf(row, controlPlaneEnv().publicUrl)
    return { id, kind, state, createdAt, notBefore, attempts, attemptedAt, nextAttemptAt, sentAt, answer, subject }
  })
}
export type DeliveryListItem = Awaited<ReturnType<typeof listDeliveries>>[number]
