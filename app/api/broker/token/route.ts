import { assertEncrypted } from '@/app/api/worker/assert-encrypted'
import { readBounded } from '@/app/api/worker/read-bounded'
import { answerTokenRequest } from '@/core/connections/answer-token-request'
import { controlPlaneEnv } from '@/lib/env'
import { log } from '@/lib/log'
import { Problem } from '@/protocol/problem'
import { type Credentials, readCredentials } from './read-credentials'

const limitBytes = 16 * 1024
/** what rclone sends: with a start token that is over, and from 1.69 on where it is told so */
const grantTypes = ['refresh_token', 'client_credentials']

/**
 * The token broker, in the words of a provider's token endpoint (RFC 6749 sections 5 and 6), so that an unmodified rclone may
 * be pointed at it. What it refuses with 400 or 401 is final for rclone; after 503 it asks again.
 */
export async function POST(request: Request): Promise<Response> {
  try {
    assertEncrypted(controlPlaneEnv().publicUrl, request.headers.get('host'))
    const form = new URLSearchParams(await readBounded(request, limitBytes))
    if (!grantTypes.includes(form.get('grant_type') ?? ''))
      return answer(400, {
        error: 'unsupported_grant_type',
        error_description: 'Talekeeper refreshes and nothing else.',
      })
    const credentials: Credentials | null = readCredentials(request.headers.get('authorization'), form)
    if (!credentials) return answer(401, { error: 'invalid_client', error_description: 'No credentials are shown.' })
    return answer(200, await answerTokenRequest(credentials))
  } catch (error) {
    return refuse(error)
  }
}

const refusals: Record<string, { status: number; error: string }> = {
  'invalid-lease': { status: 401, error: 'invalid_client' },
  'not-encrypted': { status: 403, error: 'invalid_request' },
  'too-large': { status: 413, error: 'invalid_request' },
  'run-over': { status: 400, error: 'invalid_grant' },
  'connection-not-found': { status: 400, error: 'invalid_grant' },
  'not-connected': { status: 400, error: 'invalid_grant' },
  'reconnect-needed': { status: 400, error: 'invalid_grant' },
}
const away = { status: 503, error: 'temporarily_unavailable' }

function refuse(error: unknown): Response {
  if (!(error instanceof Problem)) log.error({ err: error }, 'the token broker failed')
  const isKnown = error instanceof Problem
  const { status, error: code } = (isKnown && refusals[error.code]) || away
  const description = isKnown
    ? [error.message, error.action].filter(Boolean).join(' ')
    : 'Something went wrong inside Talekeeper.'
  return answer(status, { error: code, error_description: description })
}

function answer(status: number, body: object): Response {
  const headers = { 'cache-control': 'no-store', pragma: 'no-cache', ...(status === 503 ? { 'retry-after': '2' } : {}) }
  return Response.json(body, { status, headers })
}
