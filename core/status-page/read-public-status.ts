import { getInstanceHealth } from '@/core/health/list-overview'
import { sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { type PublicStatus, publicStatusOf } from './public-status'

const tokenPattern = /^[\w-]{43}$/
export const cachedMilliseconds = 30_000
/** Of all visitors together; beyond it only the database would suffer. */
const mostLooksAMinute = 600

type Cached = { status: Promise<PublicStatus | null>; until: number }
const cache = new Map<string, Cached>()
let minute = { number: 0, looks: 0 }

/**
 * What the link with this token shows. A visit costs one look into the database, by the hash of the token, so that no time tells how
 * much of a guess was right; health is judged at most every half minute for each instance that has a link.
 * Null: no link has that token. `busy`: too many ask.
 */
export async function readPublicStatus(token: string, now = new Date()): Promise<PublicStatus | 'busy' | null> {
  if (!tokenPattern.test(token)) return null
  if (!mayLook(now)) return 'busy'
  const link = await db().statusLink.findUnique({
    where: { tokenHash: sha256Hex(token) },
    select: { instance: { select: { id: true, name: true } } },
  })
  return link ? judged(link.instance, now) : null
}

function judged(instance: { id: string; name: string }, now: Date): Promise<PublicStatus | null> {
  const at = now.getTime()
  const cached = cache.get(instance.id)
  // further away than it can be: the clock was set back
  if (cached && at < cached.until && cached.until - at <= cachedMilliseconds) return cached.status
  const status = getInstanceHealth(instance.id, now).then((health) => health && publicStatusOf(instance.name, health))
  cache.set(instance.id, { status, until: at + cachedMilliseconds })
  status.catch(() => cache.delete(instance.id))
  return status
}

function mayLook(now: Date): boolean {
  const number = Math.floor(now.getTime() / 60_000)
  if (minute.number !== number) minute = { number, looks: 0 }
  minute.looks++
  return minute.looks <= mostLooksAMinute
}
