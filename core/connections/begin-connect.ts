import { randomUUID } from 'node:crypto'
import { randomToken, sha256Hex } from '@/lib/crypto'
import { db } from '@/lib/db'
import { makePkce } from '@/lib/oauth'
import { Problem } from '@/protocol/problem'
import { findConnection } from './find-connection'
import { redirectAddressOf } from './redirect-address'
import { sealVerifier } from './sealed-secrets'

const attemptMinutes = 10

/**
 * Begins a visit to the provider's sign-in page, for this session alone and once, within ten minutes; the answer is where the
 * browser goes. `by paste`: the provider sends it to an address that only the person's own computer has, and the person
 * pastes that. Throws Problem `connection-not-found`, `no-person`.
 */
export async function beginConnect(
  sessionId: string,
  connectionId: string,
  way: 'web' | 'paste' = 'web',
  now = new Date(),
): Promise<{ url: string }> {
  const connection = await findConnection(db(), connectionId)
  const { provider, settings, clientId, method } = connection
  if (method === 'service' || !clientId)
    throw new Problem({
      code: 'no-person',
      text: 'This connection signs in by its key file.',
      action: 'Replace the key file instead.',
    })
  const id = randomUUID()
  const state = randomToken()
  const pkce = provider.hasPkce ? makePkce() : null
  const redirectAddress = way === 'web' ? redirectAddressOf(provider.id) : provider.loopbackAddress
  await db().connectAttempt.create({
    data: {
      ...{ id, connectionId, sessionId, redirectAddress, stateHash: sha256Hex(state), createdAt: now },
      verifier: pkce ? sealVerifier(id, pkce.verifier) : null,
      expiresAt: new Date(now.getTime() + attemptMinutes * 60_000),
    },
  })
  const url = new URL(provider.authorizeUrl(settings))
  const parameters = {
    ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectAddress, state },
    ...(provider.scopes.length ? { scope: provider.scopes.join(' ') } : {}),
    ...(pkce ? { code_challenge: pkce.challenge, code_challenge_method: 'S256' } : {}),
    ...provider.authorizeParameters,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { url: url.toString() }
}
