import { db } from '@/lib/db'

export type SessionFacts = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  address: string | null
  userAgent: string | null
}

/** The live sessions of one person, latest first. */
export function listSessions(userId: string, now = new Date()): Promise<SessionFacts[]> {
  return db().session.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: now } },
    orderBy: { lastSeenAt: 'desc' },
    select: { id: true, createdAt: true, lastSeenAt: true, expiresAt: true, address: true, userAgent: true },
    take: 200,
  })
}
