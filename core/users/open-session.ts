import { randomToken, sha256Hex } from '@/lib/crypto'
import type { Transaction } from '@/lib/db'

/** After so long a person signs in again, whatever happened meanwhile. */
const sessionSeconds = 14 * 86_400

/** Where a request came from, as shown in the list of sessions. */
export type Visitor = { address: string | null; userAgent: string | null }

/** Makes a session row and returns the one-time ticket that turns it into a cookie (lib/auth.ts `startSession`). */
export async function openSession(
  transaction: Transaction,
  userId: string,
  visitor: Visitor,
  now: Date,
): Promise<string> {
  const ticket = randomToken()
  await transaction.session.create({
    data: {
      userId,
      ticketHash: sha256Hex(ticket),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + sessionSeconds * 1000),
      address: visitor.address?.slice(0, 100) ?? null,
      userAgent: visitor.userAgent?.slice(0, 300) ?? null,
    },
  })
  return ticket
}
