import { randomUUID } from 'node:crypto'
import type { Exchange } from '@/e2e/fake-providers/exchange'

/** Box's error object (developer.box.com, "Client error"). */
export function sendBoxError(
  exchange: Exchange,
  status: number,
  code: string,
  message: string,
  contextInfo?: object,
  headers: Record<string, string> = {},
): void {
  const body = {
    ...{ type: 'error', status, code, message, request_id: randomUUID().slice(0, 8) },
    ...(contextInfo ? { context_info: contextInfo } : {}),
  }
  exchange.send(status, body, headers)
}

/** A 401 as Box sends it for a token that is expired, ended or unknown. */
export function sendUnauthorized(exchange: Exchange): void {
  exchange.send(401, null, {
    'www-authenticate':
      'Bearer realm="Service", error="invalid_token", error_description="The access token provided is invalid."',
  })
}
