import { groupBy } from '@/core/health/group-by'
import { db } from '@/lib/db'
import type { RoomSample } from './forecast'

/** By connection how full its account was, oldest first. */
export async function readRoomSamples(connectionId?: string): Promise<Map<string, RoomSample[]>> {
  const rows = await db().roomSample.findMany({
    where: connectionId ? { connectionId } : {},
    orderBy: { at: 'asc' },
  })
  const samples = rows.map(({ usedBytes, quotaBytes, ...row }) => ({
    ...row,
    usedBytes: Number(usedBytes),
    quotaBytes: Number(quotaBytes),
  }))
  return groupBy(samples, (sample) => sample.connectionId)
}
