import type { Actor } from '@/core/audit/actor'
import { db } from '@/lib/db'
import { requestToken } from '@/lib/oauth'
import { steadyNow } from '@/lib/steady-clock'
import { Problem, problemSchema } from '@/protocol/problem'
import { adoptGrant } from './adopt-grant'
import { connectProblems } from './connect-problems'
import { findConnection } from './find-connection'
import { finishConnect } from './finish-connect'
import { readPasted } from './read-pasted'
import { unsealSecrets } from './sealed-secrets'

/**
 * Connects by what a person pastes, for a dashboard that the provider cannot send the browser back to. A token is proved by a
 * refresh and by asking whose account it is; a final address goes the way of the callback. Throws Problem `paste-unreadable`,
 * `foreign-token`, one of finishConnect or adoptGrant.
 */
export async function connectByPaste(
  actor: Actor,
  sessionId: string,
  connectionId: string,
  text: string,
): Promise<void> {
  const pasted = readPasted(text)
  if (!pasted)
    throw new Problem({
      code: 'paste-unreadable',
      text: 'This is neither a token nor an address with a code in it.',
      action: 'Paste all that “rclone authorize” printed last, or the whole address from the browser’s address bar.',
      where: 'pasted',
    })
  if (pasted.kind === 'token') return connectByToken(actor, connectionId, pasted.refreshToken)
  const { attemptId, isConnected } = await finishConnect(actor, sessionId, pasted)
  if (isConnected) return
  const { problem } = await db().connectAttempt.findUniqueOrThrow({ where: { id: attemptId } })
  throw new Problem(problemSchema.parse(problem))
}

async function connectByToken(actor: Actor, connectionId: string, refreshToken: string): Promise<void> {
  const connection = await findConnection(db(), connectionId)
  const { provider, settings, clientId } = connection
  const secrets = unsealSecrets(connection)
  const askedAt = { wall: new Date(), steady: steadyNow() }
  const answer = await requestToken(provider.tokenUrl(settings), {
    ...{ grant_type: 'refresh_token', refresh_token: refreshToken, client_id: clientId ?? '' },
    client_secret: secrets && 'clientSecret' in secrets ? secrets.clientSecret : '',
  })
  if (answer.kind === 'away') throw new Problem(connectProblems.away(provider.name, answer.reason))
  if (answer.kind === 'refused')
    throw new Problem({
      code: 'foreign-token',
      text: `${provider.name} does not take this token with the client id and secret of this connection (${answer.error}). It was made with another client id (rclone’s own, when the command named none), or was used already.`,
      action:
        'Run the command exactly as it stands on this page, with your own client id and secret, and paste what it prints.',
      where: 'pasted',
    })
  await adoptGrant(
    actor,
    connection,
    { ...answer, refreshToken: answer.refreshToken ?? refreshToken },
    askedAt,
    'paste',
  )
}
