import type { Actor } from '@/core/audit/actor'
import { sha256Hex } from '@/lib/crypto'
import { type ConnectAttempt, db } from '@/lib/db'
import { log } from '@/lib/log'
import { requestToken } from '@/lib/oauth'
import { steadyNow } from '@/lib/steady-clock'
import { Problem, toProblemFacts } from '@/protocol/problem'
import { adoptGrant } from './adopt-grant'
import { connectProblems } from './connect-problems'
import { type FoundConnection, findConnection } from './find-connection'
import { unsealSecrets, unsealVerifier } from './sealed-secrets'

/** What the provider sent the browser back with. */
export type Returned = { state: string | null; code: string | null; error: string | null }

const exchangeSeconds = 20

/**
 * The end of a visit to the provider: the code is exchanged here and now (Box: it lives 30 seconds), the account asked for, and
 * both saved. Returns the connection that it was about; what went wrong stays with the attempt, for that connection's page.
 * Throws Problem `unknown-visit` where the state is nobody's, or another session's.
 */
export async function finishConnect(
  actor: Actor,
  sessionId: string,
  returned: Returned,
  now = new Date(),
): Promise<{ connectionId: string; attemptId: string; isConnected: boolean }> {
  const attempt = returned.state
    ? await db().connectAttempt.findUnique({ where: { stateHash: sha256Hex(returned.state) } })
    : null
  if (attempt?.sessionId !== sessionId) throw new Problem(connectProblems.unknownVisit)
  const { connectionId, id: attemptId } = attempt
  // a second visit with the same state must not overwrite what the first one came to
  if (!(await spend(attempt, now))) throw new Problem({ ...connectProblems.replayed, where: connectionId })
  try {
    await exchange(actor, attempt, returned, now)
    return { connectionId, attemptId, isConnected: true }
  } catch (error) {
    if (!(error instanceof Problem)) log.error({ err: error }, 'a connection could not be made')
    await db().connectAttempt.update({ where: { id: attemptId }, data: { problem: toProblemFacts(error) } })
    return { connectionId, attemptId, isConnected: false }
  }
}

async function spend({ id }: ConnectAttempt, now: Date): Promise<boolean> {
  const { count } = await db().connectAttempt.updateMany({ where: { id, usedAt: null }, data: { usedAt: now } })
  return count === 1
}

async function exchange(actor: Actor, attempt: ConnectAttempt, { code, error }: Returned, now: Date): Promise<void> {
  if (attempt.expiresAt <= now) throw new Problem(connectProblems.expired)
  const connection = await findConnection(db(), attempt.connectionId)
  if (error) throw new Problem(connectProblems.refusedByProvider(connection.provider.name, error))
  if (!code) throw new Problem(connectProblems.refusedByProvider(connection.provider.name, 'no code'))
  const askedAt = { wall: new Date(), steady: steadyNow() }
  const answer = await requestToken(
    connection.provider.tokenUrl(connection.settings),
    exchangeForm(connection, attempt, code),
    { timeoutSeconds: exchangeSeconds },
  )
  if (answer.kind === 'away') throw new Problem(connectProblems.away(connection.provider.name, answer.reason))
  if (answer.kind === 'refused')
    throw new Problem(connectProblems.notExchanged(connection.provider.name, answer, attempt.redirectAddress))
  await adoptGrant(actor, connection, answer, askedAt, 'web')
}

function exchangeForm(connection: FoundConnection, attempt: ConnectAttempt, code: string): Record<string, string> {
  const secrets = unsealSecrets(connection)
  const verifier = unsealVerifier(attempt)
  return {
    ...{ grant_type: 'authorization_code', code, redirect_uri: attempt.redirectAddress },
    client_id: connection.clientId ?? '',
    client_secret: secrets && 'clientSecret' in secrets ? secrets.clientSecret : '',
    ...(verifier ? { code_verifier: verifier } : {}),
  }
}
