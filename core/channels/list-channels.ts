import { db } from '@/lib/db'
import { channelRulesOf } from './channel-rules-of'
import { channelSettingsOf } from './get-channel'

/** All channels by name, with what became of their latest message. */
export async function listChannels() {
  const rows = await db().channel.findMany({
    orderBy: { name: 'asc' },
    include: {
      deliveries: {
        where: { attempts: { gt: 0 } },
        orderBy: { attemptedAt: 'desc' },
        take: 1,
        select: { state: true, attemptedAt: true, answer: true },
      },
      _count: { select: { deliveries: { where: { state: 'waiting' } } } },
    },
  })
  return rows.map((row) => {
    const { id, name, kind, paused, digest, failingSince, deliveries, _count } = row
    return {
      ...{ id, name, kind, paused, digest, failingSince },
      ...channelRulesOf(row),
      place: channelSettingsOf(row).place ?? '',
      latest: deliveries[0] ?? null,
      waiting: _count.deliveries,
    }
  })
}
export type ChannelListItem = Awaited<ReturnType<typeof listChannels>>[number]
