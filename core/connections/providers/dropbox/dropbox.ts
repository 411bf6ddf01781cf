import { z } from 'zod'
import type { Account } from '@/core/connections/account'
import type { Provider } from '@/core/connections/providers/provider'
import { readJson } from '@/core/connections/providers/read-json'

const api = 'https://api.dropboxapi.com/2'

/** Source: developers.dropbox.com/oauth-guide. Access tokens live four hours; refresh tokens do not die by themselves. */
export const dropbox: Provider = {
  id: 'dropbox',
  name: 'Dropbox',
  authorizeUrl: () => 'https://www.dropbox.com/oauth2/authorize',
  authorizeParameters: { token_access_type: 'offline' },
  tokenUrl: () => 'https://api.dropboxapi.com/oauth2/token',
  scopes: [
    'account_info.read',
    'files.metadata.read',
    'files.metadata.write',
    'files.content.read',
    'files.content.write',
  ],
  hasTenant: false,
  hasPkce: true,
  codeSeconds: 600,
  unusedDeathDays: null,
  isSingleUse: false,
  loopbackAddress: 'http://localhost:53682/',
  /** ends the grant as a whole, its refresh token too */
  revoke: async ({ accessToken }) => {
    await readJson(`${api}/auth/token/revoke`, accessToken, { method: 'POST', body: null })
    return true
  },
  revokeByHand: 'In Dropbox, open Settings → Connected apps, and disconnect the app there.',
  readAccount,
  console: {
    url: 'https://www.dropbox.com/developers/apps',
    steps: [
      { text: 'Create an app with “Scoped access” and “Full Dropbox”.' },
      { text: 'Under Permissions, tick these scopes and submit:', copy: 'scopes' },
      { text: 'Under Settings, add this redirect address:', copy: 'redirect address' },
      { text: 'Copy app key (the client id) and app secret into the form.' },
    ],
  },
  services: [],
}

const accountSchema = z.object({
  account_id: z.string().min(1),
  email: z.string().catch(''),
  name: z.object({ display_name: z.string().catch('') }).catch({ display_name: '' }),
})
const spaceSchema = z.object({
  used: z.number().min(0),
  allocation: z.object({ allocated: z.number().min(0).optional() }).catch({}),
})
/** developers.dropbox.com: upload sessions */
const largestFileBytes = 2 * 1024 ** 4

async function readAccount(accessToken: string): Promise<Account> {
  const post = { method: 'POST' as const, body: null }
  const { account_id, email, name } = accountSchema.parse(
    await readJson(`${api}/users/get_current_account`, accessToken, post),
  )
  const space = spaceSchema.parse(await readJson(`${api}/users/get_space_usage`, accessToken, post))
  return {
    ...{ id: account_id, name: name.display_name, login: email, driveId: null, driveType: null },
    ...{ quotaBytes: space.allocation.allocated ?? null, usedBytes: space.used, largestFileBytes },
  }
}
