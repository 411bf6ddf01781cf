import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import { steadyNow } from '@/lib/steady-clock'
import { Problem } from '@/protocol/problem'
import type { FoundConnection } from './find-connection'
import { providerAway } from './problems'
import type { RefreshTimes } from './refresh-times'
import { giveTurnBack, keepTurn, takeTurn } from './refresh-turn'
import { requestTokens } from './request-tokens'
import { markReconnectNeeded, storeTokens } from './store-tokens'

const lookAgainMilliseconds = 100

const underWay = new Map<string, Promise<void>>()

/**
 * Gets a new pair in place of this one, or finds that another process did, or that a person must reconnect: whoever called
 * looks at the row again. All callers of this process share one refresh. Throws Problem `provider-away` when time is over.
 */
export function refreshTokens(connection: FoundConnection, times: RefreshTimes): Promise<void> {
  const key = `${connection.id} ${connection.tokenVersion}`
  const running = underWay.get(key)
  if (running) return running
  const refresh = refreshInTurn(connection, times).finally(() => underWay.delete(key))
  underWay.set(key, refresh)
  return refresh
}

async function refreshInTurn(connection: FoundConnection, times: RefreshTimes): Promise<void> {
  const owner = randomUUID()
  const end = steadyNow().seconds + times.waitSeconds
  for (;;) {
    const turn = await takeTurn(connection.id, connection.tokenVersion, owner, times.turnSeconds)
    if (turn === 'passed') return
    if (turn === 'taken') break
    if (steadyNow().seconds > end) throw new Problem(providerAway(connection, 'another process waits for its answer'))
    await sleep(Math.min(lookAgainMilliseconds, times.turnSeconds * 100))
  }
  const keeper = setInterval(() => {
    keepTurn(connection.id, owner, times.turnSeconds).catch((error: unknown) =>
      log.warn({ err: error }, 'turn not kept'),
    )
  }, times.turnSeconds * 300)
  try {
    await askUntil(end, connection, times)
  } finally {
    clearInterval(keeper)
    await giveTurnBack(connection.id, owner)
  }
}

async function askUntil(end: number, connection: FoundConnection, times: RefreshTimes): Promise<void> {
  for (;;) {
    const askedAt = { wall: new Date(), steady: steadyNow() }
    const answer = await requestTokens(connection, times.requestSeconds)
    if (answer.kind === 'granted') {
      await storeTokens(connection, answer, askedAt)
      return
    }
    if (answer.kind === 'refused') {
      log.error({ connection: connection.slug, error: answer.error }, 'the provider takes the sign-in no more')
      await markReconnectNeeded(connection, answer.error)
      return
    }
    const pauseSeconds = answer.retryAfterSeconds ?? times.pauseSeconds
    log.warn({ connection: connection.slug, reason: answer.reason, pauseSeconds }, 'no access token yet')
    if (steadyNow().seconds + pauseSeconds > end) {
      const problem = providerAway(connection, answer.reason)
      await noteProblem(connection, problem)
      throw new Problem(problem)
    }
    await sleep(pauseSeconds * 1000)
  }
}

async function noteProblem({ id, tokenVersion }: FoundConnection, problem: ReturnType<typeof providerAway>) {
  await db().connection.updateMany({ where: { id, tokenVersion, state: 'connected' }, data: { problem } })
}
