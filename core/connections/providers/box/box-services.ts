import { z } from 'zod'
import type { ServiceKind } from '@/core/connections/providers/provider'
import { invalidKeyFile, parseKeyFile } from '@/core/connections/providers/key-file'
import { readPrivateKey, requestToken, signAssertion } from '@/lib/oauth'

const tokenUrl = 'https://api.box.com/oauth2/token'
/** Box takes assertions of at most 60 seconds. */
const assertionSeconds = 45
/** a clock that is further off than this makes an assertion worthless */
const worthwhileSkewSeconds = 10

const id = z.string().regex(/^[A-Za-z0-9_-]{1,128}$/)
const secret = z.string().min(1).max(1024)

const ccgSchema = z.object({ clientID: id, clientSecret: secret, enterpriseID: id })
const jwtSchema = z.object({
  boxAppSettings: z.object({
    clientID: id,
    clientSecret: secret,
    appAuth: z.object({ publicKeyID: id, privateKey: z.string().min(1).max(16_384), passphrase: z.string().max(1024) }),
  }),
  enterpriseID: id,
})

const invitation =
  'Invite the service account (its login is shown after connecting) as a co-owner or editor of the folder that backups go to.'

/** Source: developer.box.com authentication/client-credentials and authentication/jwt. No refresh token: each token is asked for anew. */
export const boxServices: readonly ServiceKind[] = [
  {
    id: 'ccg',
    label: 'Box server authentication (client credentials)',
    steps: [
      'Create a Platform App with “Server Authentication (Client Credentials Grant)”, and tick the scopes to read and write all files and folders.',
      'Let an administrator of the enterprise authorise it: Admin console → Apps → Platform Apps Manager.',
      'Paste here, as JSON: {"clientID": "…", "clientSecret": "…", "enterpriseID": "…"}',
      invitation,
    ],
    parse: (text) => {
      const { clientID, clientSecret, enterpriseID } = parseKeyFile(text, ccgSchema)
      return { key: { clientId: clientID, clientSecret, enterpriseId: enterpriseID }, clientId: clientID }
    },
    requestAccess: ({ clientId = '', clientSecret = '', enterpriseId = '' }) =>
      requestToken(tokenUrl, {
        ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
        ...{ box_subject_type: 'enterprise', box_subject_id: enterpriseId },
      }),
  },
  {
    id: 'jwt',
    label: 'Box server authentication (JWT configuration file)',
    steps: [
      'Create a Platform App with “Server Authentication (with JWT)”, and tick the scopes to read and write all files and folders.',
      'Under Configuration, generate a public/private key pair: Box gives you a JSON file once.',
      'Let an administrator of the enterprise authorise it: Admin console → Apps → Platform Apps Manager.',
      'Paste that whole file here.',
      invitation,
    ],
    parse: (text) => {
      const { boxAppSettings, enterpriseID } = parseKeyFile(text, jwtSchema)
      const { clientID, clientSecret, appAuth } = boxAppSettings
      if (!readPrivateKey(appAuth.privateKey, appAuth.passphrase))
        throw invalidKeyFile('The private key in it cannot be read with the passphrase in it.')
      const { privateKey, passphrase, publicKeyID } = appAuth
      return {
        key: {
          clientId: clientID,
          clientSecret,
          enterpriseId: enterpriseID,
          privateKey,
          passphrase,
          publicKeyId: publicKeyID,
        },
        clientId: clientID,
      }
    },
    requestAccess: async (key, now) => {
      const answer = await requestByAssertion(key, now)
      if (answer.kind !== 'refused' || !answer.serverTime) return answer
      const skewSeconds = Math.abs(answer.serverTime.getTime() - now.getTime()) / 1000
      return skewSeconds > worthwhileSkewSeconds ? requestByAssertion(key, answer.serverTime) : answer
    },
  },
]

function requestByAssertion(key: Record<string, string>, now: Date) {
  const { clientId = '', clientSecret = '', enterpriseId = '', publicKeyId = '' } = key
  const privateKey = readPrivateKey(key.privateKey ?? '', key.passphrase)
  if (!privateKey) throw invalidKeyFile('The private key in it cannot be read.')
  const claims = {
    ...{ iss: clientId, sub: enterpriseId, box_sub_type: 'enterprise', aud: tokenUrl },
    exp: Math.floor(now.getTime() / 1000) + assertionSeconds,
  }
  return requestToken(tokenUrl, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: signAssertion(claims, { privateKey, keyId: publicKeyId }),
    ...{ client_id: clientId, client_secret: clientSecret },
  })
}
