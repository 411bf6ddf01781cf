import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/**
 * Calls `look` with every request that any HTTP server of this process takes, before anything else sees it; what `look` changes
 * in its headers, the rest of the process reads. Node's own channel: Next hands out neither the socket nor its address.
 */
export function onHttpRequest(look: (request: IncomingMessage) => void): void {
  subscribe('http.server.request.start', (message) => look((message as { request: IncomingMessage }).request))
}
