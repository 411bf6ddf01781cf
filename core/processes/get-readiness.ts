import { db } from '@/lib/db'
import { isAlive } from './beat'

/** No names, no numbers. `watch`: control looked for what is due and what is wrong within the last minutes. */
export type Readiness = { database: boolean; control: boolean; redis: boolean; watch: boolean }

const watchedWithinMilliseconds = 5 * 60_000

export async function getReadiness(now = new Date()): Promise<Readiness> {
  try {
    const lives = await db().processLife.findMany()
    const control = lives.find(({ name }) => name === 'control')
    const watch = lives.find(({ name }) => name === 'watch')
    const isUp = control !== undefined && isAlive(control, now)
    return {
      database: true,
      control: isUp,
      redis: isUp && control.redisAwaySince === null,
      watch: watch !== undefined && now.getTime() - watch.lastSeenAt.getTime() < watchedWithinMilliseconds,
    }
  } catch {
    return { database: false, control: false, redis: false, watch: false }
  }
}
