import { db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { delayAfter, forgetAfterSeconds, type ThrottleLimits, throttleLimits } from './throttle-rules'

type Guesser = { email: string; address: string | null }

function keysOf({ email, address }: Guesser): { key: string; limits: ThrottleLimits }[] {
  const account = { key: `account:${email}`, limits: throttleLimits.account }
  return address ? [account, { key: `address:${address}`, limits: throttleLimits.address }] : [account]
}

/**
 * Counts a guess before it is checked, so that many at once gain nothing; `forgiveGuess` takes it back when it was right.
 * Throws Problem `too-many-attempts`, with the time to wait, when account or address must wait.
 */
export async function countGuess(guesser: Guesser, now: Date): Promise<void> {
  const waitSeconds = await db().$transaction(async (transaction) => {
    const waits = await Promise.all(keysOf(guesser).map(({ key }) => waitingSeconds(transaction, key, now)))
    const wait = Math.max(...waits)
    if (wait > 0) return wait
    for (const { key, limits } of keysOf(guesser)) await countFailure(transaction, key, limits, now)
    return 0
  })
  if (waitSeconds > 0)
    throw new Problem({
      code: 'too-many-attempts',
      text: 'There were too many failed attempts to sign in.',
      action: `Wait ${waitSeconds < 90 ? `${waitSeconds} seconds` : `${Math.ceil(waitSeconds / 60)} minutes`} and try again.`,
    })
}

/** After a right password: the account starts afresh; the address keeps its other failures. */
export async function forgiveGuess(guesser: Guesser): Promise<void> {
  await db().$transaction(async (transaction) => {
    await transaction.signInThrottle.deleteMany({ where: { key: `account:${guesser.email}` } })
    if (!guesser.address) return
    await transaction.signInThrottle.updateMany({
      where: { key: `address:${guesser.address}`, failures: { gt: 0 } },
      data: { failures: { decrement: 1 }, blockedUntil: null },
    })
  })
}

async function waitingSeconds(transaction: Transaction, key: string, now: Date): Promise<number> {
  const row = await transaction.signInThrottle.findUnique({ where: { key } })
  if (!row?.blockedUntil) return 0
  return Math.max(0, Math.ceil((row.blockedUntil.getTime() - now.getTime()) / 1000))
}

async function countFailure(transaction: Transaction, key: string, limits: ThrottleLimits, now: Date): Promise<void> {
  const row = await transaction.signInThrottle.findUnique({ where: { key } })
  const isFresh = row && now.getTime() - row.lastFailedAt.getTime() < forgetAfterSeconds * 1000
  const failures = (isFresh ? row.failures : 0) + 1
  const delay = delayAfter(failures, limits)
  const data = {
    failures,
    lastFailedAt: now,
    blockedUntil: delay > 0 ? new Date(now.getTime() + delay * 1000) : null,
  }
  await transaction.signInThrottle.upsert({ where: { key }, create: { key, ...data }, update: data })
}
