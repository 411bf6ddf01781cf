import { requestToken, type TokenAnswer } from '@/lib/oauth'
import type { FoundConnection } from './find-connection'
import { unsealSecrets, unsealTokens } from './sealed-secrets'

/**
 * Asks the provider for an access token: by the refresh token, or by the key of a service. Changes nothing here; with a
 * provider of single-use tokens the answer must be stored before anyone uses it.
 */
export async function requestTokens(
  connection: FoundConnection,
  timeoutSeconds: number,
  now = new Date(),
): Promise<TokenAnswer> {
  const secrets = unsealSecrets(connection)
  if (secrets && 'service' in secrets) {
    const service = connection.provider.services.find(({ id }) => id === secrets.service)
    return service ? service.requestAccess(secrets.key, now) : refused('invalid_client')
  }
  const refreshToken = unsealTokens(connection)?.refreshToken
  if (!secrets || !refreshToken || !connection.clientId) return refused('invalid_grant')
  return requestToken(
    connection.provider.tokenUrl(connection.settings),
    {
      ...{ grant_type: 'refresh_token', refresh_token: refreshToken },
      ...{ client_id: connection.clientId, client_secret: secrets.clientSecret },
    },
    { timeoutSeconds },
  )
}

function refused(error: string): TokenAnswer {
  return { kind: 'refused', error, description: '', serverTime: null }
}
