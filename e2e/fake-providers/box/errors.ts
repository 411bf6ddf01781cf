import { randomUUID } from 'node:crypto'
import type { Exchange } from '@/e2e/fake-providers/exchange'

/** Why Box does not do what was asked, in its own codes (developer.box.com, "Common errors"). */
export class BoxRefusal extends Error {
  override readonly name = 'BoxRefusal'
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly contextInfo?: object,
  ) {
    super(message)
  }
}

export const notFound = () => new BoxRefusal(404, 'not_found', 'Not Found')

export function sendBoxError(exchange: Exchange, refusal: BoxRefusal): void {
  const { status, code, message, contextInfo } = refusal
  exchange.send(status, {
    ...{ type: 'error', status, code, message, request_id: randomUUID().slice(0, 8) },
    ...(contextInfo ? { context_info: contextInfo } : {}),
  })
}

/** A 401 as Box sends it; for a token whose time is over rclone looks for `expired_token`. */
export function sendUnauthorized(exchange: Exchange, isExpired: boolean): void {
  const error = isExpired ? 'expired_token' : 'invalid_token'
  exchange.send(401, null, {
    'www-authenticate': `Bearer realm="Service", error="${error}", error_description="The access token provided is invalid."`,
  })
}
