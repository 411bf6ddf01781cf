import { db } from '@/lib/db'
import { isAlive } from './beat'

/**
 * Since when web and control have both been there without a gap: a worker's silence counts from then on at the earliest.
 * Null while one of them is away, so that nobody can be heard.
 */
export async function listeningSince(now: Date): Promise<Date | null> {
  const lives = await db().processLife.findMany({ where: { name: { in: ['web', 'control'] } } })
  if (lives.length < 2 || !lives.every((life) => isAlive(life, now))) return null
  return new Date(Math.max(...lives.map((life) => life.upSince.getTime())))
}
