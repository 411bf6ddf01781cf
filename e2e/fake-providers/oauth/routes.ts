import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { Realm } from '@/e2e/fake-providers/realm'
import { decide, showAuthorizePage } from './authorize'
import type { OAuthRules } from './rules'
import { answerTokenRequest, type ServerAuthentication } from './token-endpoint'
import type { Tokens } from './tokens'

/** The OAuth addresses of a provider: authorize page, token and revoke. */
export function oauthRoutes(
  name: string,
  realm: Realm,
  rules: OAuthRules,
  tokens: Tokens,
  server: ServerAuthentication | null,
): Route[] {
  const surroundings = { name, realm, rules, tokens, server }
  return [
    ...rules.authorize.flatMap((place) => [
      { ...place, method: 'GET', handle: (exchange: Exchange) => showAuthorizePage(exchange, surroundings) },
      { ...place, method: 'POST', handle: (exchange: Exchange) => decide(exchange, surroundings) },
    ]),
    ...rules.token.map((place) => ({
      ...place,
      method: 'POST',
      handle: (exchange: Exchange) => answerTokenRequest(exchange, surroundings),
    })),
    ...rules.revoke.map((place) => ({
      ...place,
      method: 'POST',
      handle: async (exchange: Exchange) => {
        const form = await exchange.form()
        tokens.revoke(form.get('token') ?? exchange.query('token'))
        exchange.send(200, null)
      },
    })),
  ]
}

/** The account of the request's bearer token; null when it has none that is good. */
export function bearerOf(exchange: Exchange, tokens: Tokens): { accountId: string; scope: string } | null {
  const value = /^Bearer (.+)$/i.exec(exchange.header('authorization'))?.[1]
  return value ? tokens.authenticate(value) : null
}
