import { z } from 'zod'
import { sendForm } from '@/lib/http'
import type { Account } from '@/core/connections/account'
import type { Provider } from '@/core/connections/providers/provider'
import { readJson } from '@/core/connections/providers/read-json'
import { driveServices } from './drive-services'

const driveScope = 'https://www.googleapis.com/auth/drive'

/**
 * Source: developers.google.com/identity/protocols/oauth2/web-server. Refresh tokens may be used again and again; they die after
 * six months unused, or after seven days where the consent screen is in “Testing”.
 */
export const drive: Provider = {
  id: 'drive',
  name: 'Google Drive',
  authorizeUrl: () => 'https://accounts.google.com/o/oauth2/v2/auth',
  authorizeParameters: { access_type: 'offline', prompt: 'consent' },
  tokenUrl: () => 'https://oauth2.googleapis.com/token',
  scopes: [driveScope],
  hasTenant: false,
  hasPkce: true,
  codeSeconds: 600,
  unusedDeathDays: 180,
  isSingleUse: false,
  loopbackAddress: 'http://127.0.0.1:53682/',
  revoke: async ({ refreshToken, accessToken }) => {
    const form = { token: refreshToken ?? accessToken }
    return (await sendForm('https://oauth2.googleapis.com/revoke', form, { mayBeEmpty: true })).status < 300
  },
  revokeByHand: 'Open myaccount.google.com/connections, choose the app, and remove its access.',
  readAccount,
  console: {
    url: 'https://console.cloud.google.com/apis/credentials',
    steps: [
      { text: 'Choose or create a project, and enable the Google Drive API in it.' },
      {
        text: 'Configure the consent screen: “Internal” within a Workspace; else “External”, and publish it (“In production”): tokens of an app in “Testing” die after seven days.',
      },
      { text: 'Add this scope to it:', copy: 'scopes' },
      {
        text: 'Create credentials → OAuth client ID, application type “Web application”, with this redirect address:',
        copy: 'redirect address',
      },
      { text: 'Copy client id and client secret into the form.' },
    ],
  },
  services: driveServices,
}

const numberText = z.coerce.number().min(0)
const aboutSchema = z.object({
  user: z.object({
    displayName: z.string().catch(''),
    emailAddress: z.string().catch(''),
    permissionId: z.string().min(1),
  }),
  storageQuota: z.object({ limit: numberText.optional(), usage: numberText.optional() }).optional(),
  maxUploadSize: numberText.optional(),
})

async function readAccount(accessToken: string): Promise<Account> {
  const fields = 'user(displayName,emailAddress,permissionId),storageQuota(limit,usage),maxUploadSize'
  const url = `https://www.googleapis.com/drive/v3/about?fields=${encodeURIComponent(fields)}`
  const { user, storageQuota, maxUploadSize } = aboutSchema.parse(await readJson(url, accessToken))
  return {
    ...{ id: user.permissionId, name: user.displayName, login: user.emailAddress, driveId: null, driveType: null },
    quotaBytes: storageQuota?.limit ?? null,
    usedBytes: storageQuota?.usage ?? null,
    largestFileBytes: maxUploadSize ?? null,
  }
}
