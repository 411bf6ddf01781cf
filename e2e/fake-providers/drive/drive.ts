import { join } from 'node:path'
import { ContentStore } from '@/e2e/fake-providers/content-store'
import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { OAuthRules } from '@/e2e/fake-providers/oauth/rules'
import { bearerOf, oauthRoutes } from '@/e2e/fake-providers/oauth/routes'
import { Tokens } from '@/e2e/fake-providers/oauth/tokens'
import type { Ground, Provider } from '@/e2e/fake-providers/provider'
import type { Realm } from '@/e2e/fake-providers/realm'
import { Tree } from '@/e2e/fake-providers/tree'
import { accountRoutes } from './account'
import { fileRoutes } from './files'
import { DriveRefusal, type DriveRoute, sendDriveError } from './place'
import { uploadRoutes } from './uploads'

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

/** A stand-in for Google Drive: OAuth, whose account it is, and the calls on files that rclone uses. */
export function openDrive({ realm, folder }: Ground): Provider {
  const tokens = new Tokens(realm, driveRules)
  const store = new ContentStore(join(folder, 'content'))
  const tree = new Tree(realm, store, true)
  const place = { tree, store }
  const signedIn = [...accountRoutes(place), ...fileRoutes(place), ...uploadRoutes(place)]
  return {
    realm,
    tokens,
    hosts: ['accounts.google.com', 'oauth2.googleapis.com', 'www.googleapis.com', 'openidconnect.googleapis.com'],
    routes: [
      ...oauthRoutes('Google', realm, driveRules, tokens, {
        accountOf: () => ({ accountId: realm.accounts[0]?.id ?? '' }),
      }),
      ...signedIn.map((route) => guarded(route, realm, tokens)),
    ],
    notFound: (exchange) => sendDriveError(exchange, new DriveRefusal(404, 'notFound', 'Not Found')),
    listFiles: () => tree.listFiles(),
    fill: (path, names) => tree.fill(path, names),
  }
}

/** Only for an account that the request's token stands for; refusals in Drive's words. */
function guarded(route: DriveRoute, realm: Realm, tokens: Tokens): Route {
  return {
    ...route,
    handle: async (exchange: Exchange) => {
      const account = realm.accounts.find((candidate) => candidate.id === bearerOf(exchange, tokens)?.accountId)
      try {
        if (!account) throw new DriveRefusal(401, 'authError', 'Invalid Credentials')
        await route.handle(exchange, account)
      } catch (error) {
        if (!(error instanceof DriveRefusal)) throw error
        sendDriveError(exchange, error)
      } finally {
        exchange.request.resume()
      }
    },
  }
}
