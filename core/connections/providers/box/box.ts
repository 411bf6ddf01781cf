import { sendForm } from '@/lib/http'
import type { Provider } from '@/core/connections/providers/provider'
import { boxServices } from './box-services'
import { readBoxAccount } from './read-box-account'

/**
 * Source: developer.box.com (authentication/oauth2, tokens/refresh, permissions-and-errors/expiration). Codes live 30 seconds,
 * access tokens an hour, refresh tokens 60 days and for one use; Box has no PKCE. An old refresh token answers, with the same
 * new pair, until the new access token is first used, and that first use ends the access token before it.
 */
export const box: Provider = {
  id: 'box',
  name: 'Box',
  authorizeUrl: () => 'https://account.box.com/api/oauth2/authorize',
  authorizeParameters: {},
  tokenUrl: () => 'https://api.box.com/oauth2/token',
  scopes: [],
  hasTenant: false,
  hasPkce: false,
  codeSeconds: 30,
  unusedDeathDays: 60,
  isSingleUse: true,
  loopbackAddress: 'http://127.0.0.1:53682/',
  revoke: async ({ accessToken, refreshToken, clientId, clientSecret }) => {
    const form = { token: refreshToken ?? accessToken, client_id: clientId, client_secret: clientSecret }
    return (await sendForm('https://api.box.com/oauth2/revoke', form, { mayBeEmpty: true })).status < 300
  },
  revokeByHand: 'In Box, open Account settings → Security → Connected apps, and remove the app there.',
  readAccount: readBoxAccount,
  console: {
    url: 'https://app.box.com/developers/console',
    steps: [
      { text: 'Create a Platform App, and choose “User Authentication (OAuth 2.0)”.' },
      { text: 'Under Configuration, add this redirect address exactly as it stands here:', copy: 'redirect address' },
      { text: 'Under Application scopes, tick “Read all files and folders” and “Write all files and folders”. Save.' },
      { text: 'Copy client id and client secret from the same page into the form.' },
    ],
  },
  services: boxServices,
}
