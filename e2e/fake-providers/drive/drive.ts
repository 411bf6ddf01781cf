import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { OAuthRules } from '@/e2e/fake-providers/oauth/rules'
import { bearerOf, oauthRoutes } from '@/e2e/fake-providers/oauth/routes'
import { Tokens } from '@/e2e/fake-providers/oauth/tokens'
import type { Ground, Provider } from '@/e2e/fake-providers/provider'

/** developers.google.com/identity/protocols/oauth2/web-server and …/service-account */
export const driveRules: OAuthRules = {
  authorize: ['/o/oauth2/auth', '/o/oauth2/v2/auth'].map((path) => ({ host: 'accounts.google.com', path })),
  token: [
    { host: 'oauth2.googleapis.com', path: '/token' },
    { host: 'accounts.google.com', path: '/o/oauth2/token' },
  ],
  revoke: [{ host: 'oauth2.googleapis.com', path: '/revoke' }],
  codeSeconds: 600,
  accessTokenSeconds: 3599,
  refreshTokenSeconds: null,
  refreshTokens: 'kept',
  isOffline: (query) => query.get('access_type') === 'offline',
  onlyFirstConsentIsOffline: true,
  tokenType: 'Bearer',
  extra: ({ scope }) => ({ scope }),
  invalidClientStatus: 401,
}

/** A stand-in for Google Drive: OAuth, and what tells whose account it is. */
export function openDrive({ realm }: Ground): Provider {
  const tokens = new Tokens(realm, driveRules)
  const routes: Route[] = [
    ...oauthRoutes('Google', realm, driveRules, tokens, {
      accountOf: () => ({ accountId: realm.accounts[0]?.id ?? '' }),
    }),
    {
      method: 'GET',
      host: 'www.googleapis.com',
      path: '/drive/v3/about',
      handle: (exchange) => {
        const account = realm.accounts.find((candidate) => candidate.id === bearerOf(exchange, tokens)?.accountId)
        if (!account) return sendDriveError(exchange, 401, 'authError', 'Invalid Credentials')
        if (!exchange.query('fields'))
          return sendDriveError(exchange, 400, 'required', 'The fields parameter is required')
        exchange.send(200, {
          kind: 'drive#about',
          user: {
            kind: 'drive#user',
            displayName: account.name,
            emailAddress: account.login,
            permissionId: account.id,
            me: true,
          },
          storageQuota: {
            limit: String(account.quota),
            usage: String(account.usedElsewhere),
            usageInDrive: String(account.usedElsewhere),
            usageInDriveTrash: '0',
          },
          maxUploadSize: String(account.largestFile),
        })
      },
    },
    ...['openidconnect.googleapis.com', 'www.googleapis.com'].map((host) => ({
      method: 'GET',
      host,
      path: host.startsWith('openid') ? '/v1/userinfo' : '/oauth2/v3/userinfo',
      handle: (exchange: Exchange) => {
        const account = realm.accounts.find((candidate) => candidate.id === bearerOf(exchange, tokens)?.accountId)
        if (!account) return sendDriveError(exchange, 401, 'authError', 'Invalid Credentials')
        exchange.send(200, { sub: account.id, name: account.name, email: account.login, email_verified: true })
      },
    })),
  ]
  return {
    realm,
    tokens,
    hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com', 'openidconnect.googleapis.com'],
    routes,
    notFound: (exchange) => sendDriveError(exchange, 404, 'notFound', 'Not Found'),
    listFiles: () => [],
    fill: () => Promise.reject(new Error('it keeps no files')),
  }
}

function sendDriveError(exchange: Exchange, code: number, reason: string, message: string): void {
  exchange.request.resume()
  exchange.send(code, { error: { code, message, errors: [{ domain: 'global', reason, message }] } })
}
