import { db } from '@/lib/db'

export type ProcessName = 'web' | 'control'

/** Each process beats so often. */
export const beatEverySeconds = 10
/** Without a beat for so long a process was not there: down, hung, or the host asleep. */
const gapSeconds = 30

/**
 * Notes that a process lives. After a gap, or a clock that was set back, its life begins anew: what workers did not say
 * meanwhile is our silence, not theirs. `state`: what else it knows of itself.
 */
export async function beat(
  name: ProcessName,
  state: { redisAwaySince?: Date | null } = {},
  now = new Date(),
): Promise<void> {
  await db().$transaction(async (transaction) => {
    const life = await transaction.processLife.findUnique({ where: { name } })
    const isNew = !life || !isAlive(life, now)
    await transaction.processLife.upsert({
      where: { name },
      create: { name, upSince: now, lastSeenAt: now, ...state },
      update: { lastSeenAt: now, ...(isNew ? { upSince: now } : {}), ...state },
    })
  })
}

/** Called when a process starts, however short its absence was. */
export async function beginLife(name: ProcessName, now = new Date()): Promise<void> {
  const life = { upSince: now, lastSeenAt: now }
  await db().processLife.upsert({ where: { name }, create: { name, ...life }, update: life })
}

export function isAlive(life: { lastSeenAt: Date }, now: Date): boolean {
  const silentSeconds = (now.getTime() - life.lastSeenAt.getTime()) / 1000
  return silentSeconds <= gapSeconds && silentSeconds >= -1
}
