import { z } from 'zod'
import type { ServiceKind } from '@/core/connections/providers/provider'
import { invalidKeyFile, parseKeyFile } from '@/core/connections/providers/key-file'
import { readPrivateKey, requestToken, signAssertion } from '@/lib/oauth'

/** never the one that the file names: a file from a stranger must not choose where assertions go */
const tokenUrl = 'https://oauth2.googleapis.com/token'
const assertionSeconds = 3600
/** Google takes assertions of clocks that are a little ahead, but not much */
const issuedEarlierSeconds = 30

const schema = z.object({
  type: z.literal('service_account'),
  client_email: z.email().max(300),
  private_key_id: z.string().regex(/^[A-Za-z0-9]{1,128}$/),
  private_key: z.string().min(1).max(16_384),
})

/** Source: developers.google.com/identity/protocols/oauth2/service-account. */
export const driveServices: readonly ServiceKind[] = [
  {
    id: 'service-account',
    label: 'Service account (JSON key)',
    steps: [
      'In the Google Cloud console, enable the Google Drive API, create a service account, and make a JSON key for it.',
      'Share the folder (or shared drive) that backups go to with the service account’s mail address. A service account has no storage of its own: use a shared drive.',
      'Paste the whole key file here.',
    ],
    parse: (text) => {
      const file = parseKeyFile(text, schema)
      if (!readPrivateKey(file.private_key)) throw invalidKeyFile('The private key in it cannot be read.')
      return {
        key: { email: file.client_email, privateKeyId: file.private_key_id, privateKey: file.private_key },
        clientId: file.client_email,
      }
    },
    requestAccess: async ({ email = '', privateKeyId = '', privateKey = '' }, now) => {
      const key = readPrivateKey(privateKey)
      if (!key) throw invalidKeyFile('The private key in it cannot be read.')
      const issuedAt = Math.floor(now.getTime() / 1000) - issuedEarlierSeconds
      const claims = {
        ...{ iss: email, scope: 'https://www.googleapis.com/auth/drive', aud: tokenUrl },
        ...{ iat: issuedAt, exp: issuedAt + assertionSeconds },
      }
      return requestToken(tokenUrl, {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion: signAssertion(claims, { privateKey: key, keyId: privateKeyId }),
      })
    },
  },
]
