import { verify } from 'node:crypto'
import { type App, nowOf, type Realm } from '@/e2e/fake-providers/realm'

export type Claims = Record<string, unknown>

/** Reads a signed assertion (RFC 7523, RS256 to RS512) whose issuer is an app of this realm. A string says what is wrong with it. */
export function readAssertion(text: string, audience: string, realm: Realm): { app: App; claims: Claims } | string {
  const [header = '', payload = '', signature = ''] = text.split('.')
  const head = decode(header)
  const claims = decode(payload)
  if (!head || !claims) return 'Please check the JWT token: it cannot be read.'
  const app = realm.apps.find((candidate) => candidate.clientId === claims.iss)
  if (!app) return 'Please check the "iss" claim.'
  const keys = typeof head.kid === 'string' ? [app.publicKeys[head.kid]] : Object.values(app.publicKeys)
  const algorithm = { RS256: 'sha256', RS384: 'sha384', RS512: 'sha512' }[String(head.alg)]
  const isSigned = keys.some(
    (key) =>
      key &&
      algorithm &&
      verify(algorithm, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')),
  )
  if (!isSigned) return 'OAuth JWT signature verification failed.'
  if (claims.aud !== audience) return 'Please check the "aud" claim.'
  const expiresAt = Number(claims.exp) * 1000
  if (!(expiresAt > nowOf(realm))) return 'Please check the "exp" claim: it lies in the past.'
  const id = typeof claims.jti === 'string' ? claims.jti : null
  if (id !== null) {
    if (realm.usedAssertions.includes(id)) return 'Please check the "jti" claim: it was used before.'
    realm.usedAssertions.push(id)
  }
  return { app, claims }
}

function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return value && typeof value === 'object' ? (value as Claims) : null
  } catch {
    return null
  }
}
