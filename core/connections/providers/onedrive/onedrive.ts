import { z } from 'zod'
import type { Account } from '@/core/connections/account'
import type { ConnectionSettings, Provider } from '@/core/connections/providers/provider'
import { readJson } from '@/core/connections/providers/read-json'

const graph = 'https://graph.microsoft.com/v1.0'

function addressOf({ tenant = 'common' }: ConnectionSettings): string {
  return `https://login.microsoftonline.com/${encodeURIComponent(tenant)}/oauth2/v2.0`
}

/**
 * Source: learn.microsoft.com/entra/identity-platform (v2-oauth2-auth-code-flow, refresh-tokens). Each refresh gives a new refresh
 * token and leaves the old one good; 90 days unused end it.
 */
export const onedrive: Provider = {
  id: 'onedrive',
  name: 'OneDrive',
  authorizeUrl: (settings) => `${addressOf(settings)}/authorize`,
  authorizeParameters: { response_mode: 'query' },
  tokenUrl: (settings) => `${addressOf(settings)}/token`,
  scopes: ['Files.ReadWrite.All', 'offline_access'],
  hasTenant: true,
  hasPkce: true,
  codeSeconds: 600,
  unusedDeathDays: 90,
  isSingleUse: false,
  loopbackAddress: 'http://localhost:53682/',
  revoke: null,
  revokeByHand:
    'Microsoft lets only the account’s owner end it: at myapps.microsoft.com (work) or account.live.com/consent/Manage (personal), remove the app.',
  readAccount,
  console: {
    url: 'https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps',
    steps: [
      {
        text: 'New registration. Choose which accounts may use it; a single directory needs its id as tenant in the form.',
      },
      { text: 'Platform “Web”, with this redirect address:', copy: 'redirect address' },
      { text: 'Under API permissions, add these delegated permissions of Microsoft Graph:', copy: 'scopes' },
      {
        text: 'Under Certificates & secrets, make a client secret, and note when it ends: the connection ends with it.',
      },
      { text: 'Copy application (client) id and the secret’s value into the form.' },
    ],
  },
  services: [],
}

const driveSchema = z.object({
  id: z.string().min(1),
  driveType: z.string().catch('personal'),
  owner: z
    .object({ user: z.object({ displayName: z.string().nullish(), email: z.string().nullish() }) })
    .catch({ user: {} }),
  quota: z.object({ total: z.number().min(0).optional(), used: z.number().min(0).optional() }).catch({}),
})
/** support.microsoft.com: restrictions of OneDrive and SharePoint */
const largestFileBytes = 250 * 1024 ** 3

/** By the drive alone, which a token made by `rclone authorize` may read too; it may not read the person. */
async function readAccount(accessToken: string): Promise<Account> {
  const { id, driveType, owner, quota } = driveSchema.parse(await readJson(`${graph}/me/drive`, accessToken))
  return {
    ...{ id, name: owner.user.displayName ?? '', login: owner.user.email ?? '', largestFileBytes },
    ...{ driveId: id, driveType, quotaBytes: quota.total || null, usedBytes: quota.used ?? null },
  }
}
