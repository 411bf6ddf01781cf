import { db, type Ping } from '@/lib/db'
import type { PingWord } from './ping-rules'

export type PingAnswer = { isTaken: boolean; answer: string }

const keptAttempts = 50

/** Notes what an address answered, with the history of its last fifty. Control's own, each minute, are kept where the answer changes. */
export async function recordAttempt(
  ping: Ping,
  { key, path }: PingWord,
  { isTaken, answer }: PingAnswer,
  now: Date,
): Promise<void> {
  const { id: pingId } = ping
  const failing = { failingSince: ping.failingSince ?? now, failures: ping.failures + 1 }
  const taken = { failingSince: null, failures: 0, told: key, toldAt: now }
  const isKept = ping.planId !== null || answer !== ping.answer
  await db().$transaction(async (transaction) => {
    const data = { attemptedAt: now, answer, ...(isTaken ? taken : failing) }
    // it may have been removed while we waited for the answer
    const { count } = await transaction.ping.updateMany({ where: { id: pingId }, data })
    if (count === 0 || !isKept) return
    await transaction.pingAttempt.create({ data: { pingId, at: now, path, isTaken, answer } })
    const old = await transaction.pingAttempt.findMany({
      where: { pingId },
      orderBy: { id: 'desc' },
      skip: keptAttempts,
      select: { id: true },
    })
    await transaction.pingAttempt.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } })
  })
}
