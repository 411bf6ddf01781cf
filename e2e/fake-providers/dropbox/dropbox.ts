import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { OAuthRules } from '@/e2e/fake-providers/oauth/rules'
import { bearerOf, oauthRoutes } from '@/e2e/fake-providers/oauth/routes'
import { Tokens } from '@/e2e/fake-providers/oauth/tokens'
import type { Ground, Provider } from '@/e2e/fake-providers/provider'
import type { Account } from '@/e2e/fake-providers/realm'

/** dropbox.com/developers: OAuth guide; `token_access_type=offline` asks for a refresh token, which stays. */
export const dropboxRules: OAuthRules = {
  authorize: [{ host: 'www.dropbox.com', path: '/oauth2/authorize' }],
  token: ['api.dropboxapi.com', 'api.dropbox.com'].map((host) => ({ host, path: '/oauth2/token' })),
  revoke: [],
  codeSeconds: 600,
  accessTokenSeconds: 14_400,
  refreshTokenSeconds: null,
  refreshTokens: 'kept',
  isOffline: (query) => query.get('token_access_type') === 'offline',
  onlyFirstConsentIsOffline: false,
  tokenType: 'bearer',
  extra: ({ accountId, scope }) => ({ scope, uid: accountId, account_id: `dbid:${accountId}` }),
  invalidClientStatus: 400,
}

/** A stand-in for Dropbox: OAuth, and what tells whose account it is. */
export function openDropbox({ realm }: Ground): Provider {
  const tokens = new Tokens(realm, dropboxRules)
  const api = 'api.dropboxapi.com'
  const signedIn = (handle: (exchange: Exchange, account: Account) => void) => (exchange: Exchange) => {
    exchange.request.resume()
    const account = realm.accounts.find((candidate) => candidate.id === bearerOf(exchange, tokens)?.accountId)
    if (account) handle(exchange, account)
    else exchange.send(401, { error_summary: 'expired_access_token/..', error: { '.tag': 'expired_access_token' } })
  }
  const routes: Route[] = [
    ...oauthRoutes('Dropbox', realm, dropboxRules, tokens, null),
    {
      method: 'POST',
      host: api,
      path: '/2/users/get_current_account',
      handle: signedIn((exchange, account) =>
        exchange.send(200, {
          account_id: `dbid:${account.id}`,
          name: { display_name: account.name, given_name: account.name, surname: '', familiar_name: account.name },
          email: account.login,
          email_verified: true,
          account_type: { '.tag': 'basic' },
          root_info: { '.tag': 'user', root_namespace_id: account.id, home_namespace_id: account.id },
        }),
      ),
    },
    {
      method: 'POST',
      host: api,
      path: '/2/users/get_space_usage',
      handle: signedIn((exchange, account) =>
        exchange.send(200, {
          used: account.usedElsewhere,
          allocation: { '.tag': 'individual', allocated: account.quota },
        }),
      ),
    },
    {
      method: 'POST',
      host: api,
      path: '/2/auth/token/revoke',
      handle: signedIn((exchange) => {
        tokens.revoke(exchange.header('authorization').replace(/^Bearer /i, ''))
        exchange.send(200, null)
      }),
    },
  ]
  return {
    realm,
    tokens,
    hosts: ['www.dropbox.com', 'api.dropboxapi.com', 'api.dropbox.com', 'content.dropboxapi.com'],
    routes,
    notFound: (exchange) => exchange.send(404, { error_summary: 'not_found/', error: { '.tag': 'not_found' } }),
    listFiles: () => [],
    fill: () => Promise.reject(new Error('it keeps no files')),
  }
}
