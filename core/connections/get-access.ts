import { setTimeout as sleep } from 'node:timers/promises'
import { db } from '@/lib/db'
import { steadyNow } from '@/lib/steady-clock'
import { Problem, problemSchema } from '@/protocol/problem'
import { type FoundConnection, findConnection } from './find-connection'
import { notConnected, providerAway } from './problems'
import { type RefreshTimes, refreshTimes } from './refresh-times'
import { refreshTokens } from './refresh-tokens'
import { unsealTokens } from './sealed-secrets'
import { judgeAge } from './token-age'

/** more than that means that no token lives long enough to be handed out */
const mostLooks = 8

export type Access = { accessToken: string; tokenVersion: number; useSeconds: number }

/**
 * The connection's one access token, the same for everyone who asks, and for how long it may be used. Refreshed when it is over,
 * or to be replaced, and never while somebody may still use it. Throws Problem `connection-not-found`, `not-connected`,
 * `reconnect-needed`, `provider-away`.
 */
export async function getAccess(connectionId: string, times: RefreshTimes = refreshTimes): Promise<Access> {
  for (let look = 0; ; look++) {
    const connection = await findConnection(db(), connectionId)
    const tokens = tokensOf(connection)
    const age = judgeAge(connection, steadyNow(), new Date())
    const isReplaced = connection.replaceVersion === connection.tokenVersion
    if (age.state === 'fresh' && !isReplaced)
      return { accessToken: tokens.accessToken, tokenVersion: connection.tokenVersion, useSeconds: age.useSeconds }
    if (look > mostLooks) throw new Problem(providerAway(connection, 'its access tokens end before they can be used'))
    if (age.state === 'settling' && !isReplaced) await sleep(age.waitSeconds * 1000)
    else await refreshTokens(connection, times)
  }
}

function tokensOf(connection: FoundConnection) {
  if (connection.state === 'reconnectNeeded') {
    const problem = problemSchema.safeParse(connection.problem)
    if (problem.success) throw new Problem(problem.data)
  }
  const tokens = unsealTokens(connection)
  if (connection.state !== 'connected' || !tokens) throw notConnected(connection)
  return tokens
}
