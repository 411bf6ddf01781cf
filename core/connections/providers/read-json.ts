import { HttpUnreachable, sendJson } from '@/lib/http'
import { AccountRefused } from './provider'

const answerLimitBytes = 1024 * 1024

/** A call to a provider’s API with an access token. Throws AccountRefused (401, 403), HttpUnreachable. */
export async function readJson(
  url: string,
  accessToken: string,
  options: { method: 'GET' | 'POST'; body?: unknown } = { method: 'GET' },
): Promise<unknown> {
  const headers = { authorization: `Bearer ${accessToken}` }
  const { status, body } = await sendJson(url, {
    ...options,
    headers,
    timeoutSeconds: 20,
    limitBytes: answerLimitBytes,
    mayBeEmpty: true,
  })
  if (status >= 200 && status < 300) return body
  const { host } = new URL(url)
  if (status === 401 || status === 403) throw new AccountRefused(`${host} answered ${status}`, status)
  throw new HttpUnreachable(`${host} answered ${status}`)
}
