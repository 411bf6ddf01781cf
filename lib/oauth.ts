import { createHash, createPrivateKey, createSign, type KeyObject, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { randomToken } from './crypto'
import { type HttpResponse, HttpUnreachable, sendForm } from './http'

/** OAuth 2.0 as far as storage providers need it: RFC 6749, 7636 (PKCE), 7009 (revocation), 7523 (JWT bearer). */

export type TokenAnswer =
  | {
      kind: 'granted'
      accessToken: string
      /** null: the one before stays good */
      refreshToken: string | null
      lifetimeSeconds: number
    }
  /** The provider understood and said no, by an error code of the RFC or its own: asking again does not help. */
  | { kind: 'refused'; error: string; description: string; serverTime: Date | null }
  /** No usable answer: network, 429, 5xx, an answer cut short. Asking again may help. */
  | { kind: 'away'; reason: string; retryAfterSeconds: number | null }

const answerLimitBytes = 256 * 1024
/** where an answer does not say: the shortest that providers give */
const usualLifetimeSeconds = 3600
const longestLifetimeSeconds = 14 * 86_400

const grantSchema = z.object({
  access_token: z.string().min(1).max(16_384),
  refresh_token: z.string().min(1).max(16_384).nullish(),
  expires_in: z.coerce.number().positive().optional(),
})
const refusalSchema = z.object({ error: z.string().min(1).max(100), error_description: z.string().catch('') })

/** Asks a token endpoint. Never throws for what the other side does; what it says never carries a value of the form. */
export async function requestToken(
  url: string,
  form: Record<string, string>,
  options: { timeoutSeconds?: number; signal?: AbortSignal } = {},
): Promise<TokenAnswer> {
  try {
    return read(await sendForm(url, form, { ...options, limitBytes: answerLimitBytes }), Object.values(form))
  } catch (error) {
    if (!(error instanceof HttpUnreachable)) throw error
    return { kind: 'away', reason: error.message, retryAfterSeconds: null }
  }
}

function read({ status, headers, body }: HttpResponse, sent: string[]): TokenAnswer {
  if (status >= 200 && status < 300) {
    const grant = grantSchema.safeParse(body)
    if (!grant.success) return { kind: 'away', reason: 'the answer holds no access token', retryAfterSeconds: null }
    const { access_token, refresh_token, expires_in = usualLifetimeSeconds } = grant.data
    const lifetimeSeconds = Math.min(Math.floor(expires_in), longestLifetimeSeconds)
    return { kind: 'granted', accessToken: access_token, refreshToken: refresh_token ?? null, lifetimeSeconds }
  }
  const refusal = refusalSchema.safeParse(body)
  if (status >= 400 && status < 500 && status !== 408 && status !== 429 && refusal.success) {
    const { error, error_description } = refusal.data
    if (error !== 'temporarily_unavailable' && error !== 'server_error')
      return { kind: 'refused', error, description: blank(error_description, sent), serverTime: timeOf(headers.date) }
  }
  return { kind: 'away', reason: `it answered ${status}`, retryAfterSeconds: retryAfterOf(headers['retry-after']) }
}

function blank(text: string, secrets: string[]): string {
  return secrets
    .filter((secret) => secret.length > 7)
    .reduce((left, secret) => left.replaceAll(secret, '…'), text)
    .slice(0, 300)
}

function timeOf(header: string | string[] | undefined): Date | null {
  const milliseconds = Date.parse(String(header ?? ''))
  return Number.isNaN(milliseconds) ? null : new Date(milliseconds)
}

/** Seconds, or a date, which is read by our own clock. */
function retryAfterOf(header: string | string[] | undefined): number | null {
  const text = String(header ?? '')
  if (/^\d{1,6}$/.test(text)) return Number(text)
  const at = timeOf(header)
  return at ? Math.max(0, Math.ceil((at.getTime() - Date.now()) / 1000)) : null
}

/** A PKCE pair (S256). */
export function makePkce(): { verifier: string; challenge: string } {
  const verifier = randomToken()
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') }
}

/** A signed assertion (RS256) as a JWT bearer grant wants it, with a fresh `jti`. */
export function signAssertion(
  claims: Record<string, string | number>,
  { privateKey, keyId }: { privateKey: KeyObject; keyId?: string },
): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = { alg: 'RS256', typ: 'JWT', ...(keyId ? { kid: keyId } : {}) }
  const content = `${encode(header)}.${encode({ jti: randomUUID(), ...claims })}`
  return `${content}.${createSign('RSA-SHA256').update(content).sign(privateKey, 'base64url')}`
}

/** An RSA key out of PEM; null where it cannot be read, or the passphrase does not fit. */
export function readPrivateKey(pem: string, passphrase?: string): KeyObject | null {
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase ? { passphrase } : {}) })
    return key.asymmetricKeyType === 'rsa' ? key : null
  } catch {
    return null
  }
}
