import { createHash } from 'node:crypto'
import type { Exchange } from '@/e2e/fake-providers/exchange'
import { type AccessToken, type App, nowOf, type Realm } from '@/e2e/fake-providers/realm'
import { readAssertion } from './assertion'
import type { OAuthRules } from './rules'
import type { IssuedTokens, Tokens } from './tokens'

export type ServerAuthentication = {
  /** the account that a client-credentials request or an assertion acts for; a string says what is wrong */
  accountOf: (app: App, claims: { type: string; id: string }) => { accountId: string } | string
}

type Surroundings = {
  realm: Realm
  rules: OAuthRules
  tokens: Tokens
  server: ServerAuthentication | null
}

/** What the provider answers in place of tokens (RFC 6749, 5.2). */
class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly error: string,
    description: string,
    readonly status = 400,
  ) {
    super(description)
  }
}

/** POST to the token address (RFC 6749, 7523, 7636): code, refresh token, client credentials, or assertion. */
export async function answerTokenRequest(exchange: Exchange, surroundings: Surroundings): Promise<void> {
  const form = await exchange.form()
  try {
    exchange.send(200, grantOf(exchange, form, surroundings))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    exchange.send(error.status, { error: error.error, error_description: error.message })
  }
}

function grantOf(exchange: Exchange, form: URLSearchParams, surroundings: Surroundings): object {
  const grantType = form.get('grant_type')
  if (grantType === 'urn:ietf:params:oauth:grant-type:jwt-bearer')
    return grantForAssertion(exchange, form, surroundings)
  const { realm, rules, tokens } = surroundings
  const app = authenticatedApp(exchange, form, realm)
  if (!app) throw new Refusal('invalid_client', 'The client credentials are invalid', rules.invalidClientStatus)
  if (grantType === 'client_credentials') return grantForClient(app, form, surroundings)
  if (grantType === 'authorization_code') return grantForCode(app, form, surroundings)
  if (grantType !== 'refresh_token') throw new Refusal('unsupported_grant_type', 'Unsupported grant type')
  const issued = tokens.refresh(form.get('refresh_token') ?? '', app.clientId)
  if (!issued) throw new Refusal('invalid_grant', 'Refresh token has expired or was used before')
  return pairInWords(issued, surroundings, rules.refreshTokens !== 'kept')
}

function grantForCode(app: App, form: URLSearchParams, surroundings: Surroundings): object {
  const { realm, tokens } = surroundings
  const number = realm.codes.findIndex((code) => code.code === form.get('code') && code.clientId === app.clientId)
  const [code] = number < 0 ? [] : realm.codes.splice(number, 1)
  if (!code) throw new Refusal('invalid_grant', "Auth code doesn't exist or is invalid for the client")
  if (code.expiresAt <= nowOf(realm)) throw new Refusal('invalid_grant', 'The authorization code has expired')
  const redirectUri = form.get('redirect_uri')
  if (redirectUri !== null && redirectUri !== code.redirectUri)
    throw new Refusal('redirect_uri_mismatch', 'The redirect address is not the one of the authorize request')
  const verifier = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url')
  if (code.challenge !== null && verifier !== code.challenge)
    throw new Refusal('invalid_grant', 'The code verifier does not fit the code challenge')
  return pairInWords(tokens.open(app.clientId, code.accountId, code.scope, code.isOffline), surroundings, true)
}

function grantForClient(app: App, form: URLSearchParams, surroundings: Surroundings): object {
  const subject = { type: form.get('box_subject_type') ?? '', id: form.get('box_subject_id') ?? '' }
  return bareInWords(app, subject, surroundings)
}

function grantForAssertion(exchange: Exchange, form: URLSearchParams, surroundings: Surroundings): object {
  const { realm } = surroundings
  const audience = `https://${exchange.host}${exchange.url.pathname}`
  const read = readAssertion(form.get('assertion') ?? '', audience, realm)
  if (typeof read === 'string') throw new Refusal('invalid_grant', read)
  // Box wants the app's own credentials beside the assertion; a Google service account has none
  if (form.has('client_id') && authenticatedApp(exchange, form, realm) !== read.app)
    throw new Refusal('invalid_client', 'The client credentials are invalid')
  const { box_sub_type: type = 'service', sub = read.claims.iss } = read.claims
  return bareInWords(read.app, { type: String(type), id: String(sub) }, surroundings)
}

/** Credentials of the app in the Authorization header or in the form. */
function authenticatedApp(exchange: Exchange, form: URLSearchParams, realm: Realm): App | null {
  const basic = /^Basic (.+)$/.exec(exchange.header('authorization'))?.[1]
  const [id = '', secret = ''] = basic
    ? Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent)
    : [form.get('client_id') ?? '', form.get('client_secret') ?? '']
  return realm.apps.find((app) => app.clientId === id && app.clientSecret === secret) ?? null
}

function pairInWords(issued: IssuedTokens, surroundings: Surroundings, withRefresh: boolean): object {
  const { pair, grant } = issued
  return {
    ...inWords(pair.access, grant.scope, surroundings),
    ...(withRefresh && pair.refresh ? { refresh_token: pair.refresh.value } : {}),
  }
}

function bareInWords(app: App, subject: { type: string; id: string }, surroundings: Surroundings): object {
  if (!surroundings.server) throw new Refusal('unsupported_grant_type', 'Unsupported grant type')
  const account = surroundings.server.accountOf(app, subject)
  if (typeof account === 'string') throw new Refusal('unauthorized_client', account)
  return inWords(surroundings.tokens.openBare(app.clientId, account.accountId), '', surroundings)
}

function inWords(token: AccessToken, scope: string, { rules, tokens }: Surroundings): object {
  return {
    access_token: token.value,
    expires_in: tokens.remainingSeconds(token),
    token_type: rules.tokenType,
    ...rules.extra({ accountId: token.accountId, scope }),
  }
}
