import { accountOf } from '@/core/connections/account'
import { db } from '@/lib/db'
import { forecastRoom, type RoomForecast } from './forecast'
import { readRoomSamples } from './read-room-samples'

export type Room = { usedBytes: number; quotaBytes: number; forecast: RoomForecast | null }

/** How full the account of a connection is, and when it will be full. Null: its provider does not say. */
export async function getRoom(connectionId: string, now = new Date()): Promise<Room | null> {
  const [row, samples] = await Promise.all([
    db().connection.findUnique({ where: { id: connectionId }, select: { account: true } }),
    readRoomSamples(connectionId),
  ])
  const { usedBytes = null, quotaBytes = null } = accountOf(row?.account) ?? {}
  if (usedBytes === null || quotaBytes === null) return null
  return { usedBytes, quotaBytes, forecast: forecastRoom(samples.get(connectionId) ?? [], now) }
}
