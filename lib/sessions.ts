import { sha256Hex } from './crypto'
import { db } from './db'

/** A ticket that nobody redeems so soon after sign-in is worthless. */
const ticketSeconds = 60
/** `lastSeenAt` is written at most so often. */
const touchSeconds = 60

export type LiveSession = {
  sessionId: string
  user: { id: string; name: string; email: string; role: 'viewer' | 'operator' | 'admin' }
}

/** Turns the one-time ticket of a session row into that row's id. Null when it is unknown, too old, or used before. */
export async function redeemTicket(ticket: string, now = new Date()): Promise<string | null> {
  const ticketHash = sha256Hex(ticket)
  const session = await db().session.findUnique({ where: { ticketHash } })
  if (!session) return null
  const oldest = new Date(now.getTime() - ticketSeconds * 1000)
  const redeemed = await db().session.updateMany({
    where: { id: session.id, ticketHash, revokedAt: null, createdAt: { gte: oldest } },
    data: { ticketHash: null },
  })
  return redeemed.count === 1 ? session.id : null
}

/** The session's user as of now. Null once the session is revoked or over, or the account disabled. */
export async function findLiveSession(sessionId: string, now = new Date()): Promise<LiveSession | null> {
  const session = await db().session.findUnique({ where: { id: sessionId }, include: { user: true } })
  if (!session || session.revokedAt || session.expiresAt <= now || session.user.disabledAt) return null
  if (now.getTime() - session.lastSeenAt.getTime() > touchSeconds * 1000)
    await db().session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: now } })
  const { id, name, email, role } = session.user
  return { sessionId, user: { id, name, email, role } }
}
