import { db } from '@/lib/db'
import { isAlive } from './beat'

export type Health = { database: boolean; control: boolean }

/** What a load balancer or a watchdog may know without signing in: no names, no numbers. */
export async function getHealth(now = new Date()): Promise<Health> {
  try {
    const life = await db().processLife.findUnique({ where: { name: 'control' } })
    return { database: true, control: life !== null && isAlive(life, now) }
  } catch {
    return { database: false, control: false }
  }
}
