import { db, isUniqueViolation } from '@/lib/db'
import { dueDigest } from './digest-rules'
import { readDigest } from './read-digest'

/** Writes the digests that are due into the outbox, each once, however many controls look. */
export async function planDigests(now = new Date()): Promise<void> {
  const channels = await db().channel.findMany({ where: { paused: false, digest: { not: 'never' } } })
  for (const channel of channels) {
    const due = dueDigest(channel, now)
    // the first one of a channel is the next that it lived to see
    if (!due || channel.createdAt > due.until) continue
    const key = { channelId: channel.id, digestOf: due.day }
    if (await db().delivery.findUnique({ where: { channelId_digestOf: key } })) continue
    const content = await readDigest(channel, due, now)
    try {
      await db().delivery.create({ data: { ...key, kind: 'digest', content, createdAt: now, notBefore: now } })
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
    }
  }
}
