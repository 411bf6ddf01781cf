import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { OAuthRules } from '@/e2e/fake-providers/oauth/rules'
import { bearerOf, oauthRoutes } from '@/e2e/fake-providers/oauth/routes'
import { Tokens } from '@/e2e/fake-providers/oauth/tokens'
import type { Ground, Provider } from '@/e2e/fake-providers/provider'
import type { Account } from '@/e2e/fake-providers/realm'

const login = (path: string) => [{ host: 'login.microsoftonline.com', path: `/:tenant/oauth2/v2.0/${path}` }]

/** learn.microsoft.com, identity platform: each refresh brings a new refresh token, and the old is not revoked. */
export const onedriveRules: OAuthRules = {
  authorize: login('authorize'),
  token: login('token'),
  revoke: [],
  codeSeconds: 600,
  accessTokenSeconds: 3600,
  refreshTokenSeconds: 90 * 86_400,
  refreshTokens: 'renewed',
  isOffline: (query) => (query.get('scope') ?? '').split(' ').includes('offline_access'),
  onlyFirstConsentIsOffline: false,
  tokenType: 'Bearer',
  extra: ({ scope }) => ({ scope, ext_expires_in: 3600 }),
  invalidClientStatus: 401,
}

/** A stand-in for OneDrive: OAuth, and what tells whose account and which drive it is. */
export function openOnedrive({ realm }: Ground): Provider {
  const tokens = new Tokens(realm, onedriveRules)
  const graph = 'graph.microsoft.com'
  const signedIn = (handle: (exchange: Exchange, account: Account) => void) => (exchange: Exchange) => {
    exchange.request.resume()
    const account = realm.accounts.find((candidate) => candidate.id === bearerOf(exchange, tokens)?.accountId)
    if (account) handle(exchange, account)
    else exchange.send(401, { error: { code: 'InvalidAuthenticationToken', message: 'Access token has expired.' } })
  }
  const driveOf = (account: Account) => ({
    id: `b!${account.id}`,
    driveType: 'business',
    name: 'OneDrive',
    owner: { user: { id: account.id, displayName: account.name, email: account.login } },
    quota: {
      total: account.quota,
      used: account.usedElsewhere,
      remaining: account.quota - account.usedElsewhere,
      deleted: 0,
      state: 'normal',
    },
  })
  const routes: Route[] = [
    ...oauthRoutes('Microsoft', realm, onedriveRules, tokens, null),
    {
      method: 'GET',
      host: graph,
      path: '/v1.0/me',
      handle: signedIn((exchange, account) =>
        exchange.send(200, {
          id: account.id,
          displayName: account.name,
          mail: account.login,
          userPrincipalName: account.login,
        }),
      ),
    },
    {
      method: 'GET',
      host: graph,
      path: '/v1.0/me/drive',
      handle: signedIn((exchange, account) => exchange.send(200, driveOf(account))),
    },
    {
      method: 'GET',
      host: graph,
      path: '/v1.0/me/drives',
      handle: signedIn((exchange, account) => exchange.send(200, { value: [driveOf(account)] })),
    },
  ]
  return {
    realm,
    tokens,
    hosts: ['login.microsoftonline.com', graph],
    routes,
    notFound: (exchange) => exchange.send(404, { error: { code: 'itemNotFound', message: 'Not Found' } }),
    listFiles: () => [],
    fill: () => Promise.reject(new Error('it keeps no files')),
  }
}
