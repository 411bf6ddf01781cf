import type { OAuthRules } from '@/e2e/fake-providers/oauth/rules'
import type { ServerAuthentication } from '@/e2e/fake-providers/oauth/token-endpoint'

/** developer.box.com: guides/authentication, tokens/refresh, permissions-and-errors/expiration. Scopes are set at the app. */
export const boxRules: OAuthRules = {
  authorize: ['account.box.com', 'app.box.com'].map((host) => ({ host, path: '/api/oauth2/authorize' })),
  token: [
    { host: 'api.box.com', path: '/oauth2/token' },
    { host: 'app.box.com', path: '/api/oauth2/token' },
  ],
  revoke: [{ host: 'api.box.com', path: '/oauth2/revoke' }],
  codeSeconds: 30,
  accessTokenSeconds: 3600,
  refreshTokenSeconds: 60 * 86_400,
  refreshTokens: 'once',
  isOffline: () => true,
  onlyFirstConsentIsOffline: false,
  tokenType: 'bearer',
  extra: () => ({ restricted_to: [] }),
  invalidClientStatus: 400,
}

/** Client credentials and JWT: the app acts as its enterprise's service account, or as one of its users. */
export function boxServerAuthentication(accountIds: () => string[]): ServerAuthentication {
  return {
    accountOf: (app, subject) => {
      if (app.enterpriseId === null) return 'This app is not authorized by the enterprise'
      if (subject.type === 'enterprise' && subject.id === app.enterpriseId) {
        const [first] = accountIds()
        return first ? { accountId: first } : 'The enterprise has no service account'
      }
      if (subject.type === 'user' && accountIds().includes(subject.id)) return { accountId: subject.id }
      return 'Grant credentials are invalid'
    },
  }
}
