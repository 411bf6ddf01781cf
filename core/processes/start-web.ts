import { closeStreams } from '@/core/live/streams'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { clientAddress, clientAddressHeader } from '@/core/users/client-address'
import { controlPlaneEnv } from '@/lib/env'
import { onHttpRequest } from '@/lib/http-server'
import { log } from '@/lib/log'
import { beat, beatEverySeconds, beginLife } from './beat'

/**
 * Opens the database, bringing it to the current schema, and keeps noting that the web process lives: while it does not,
 * workers cannot be heard, and none of them counts as silent. Throws, so that the process ends, when settings are missing or the
 * database is of a newer version.
 */
export async function startWeb(): Promise<void> {
  noteClientAddresses(controlPlaneEnv().trustedProxyHops)
  // Next waits for open streams before it ends
  process.once('SIGTERM', closeStreams)
  process.once('SIGINT', closeStreams)
  await ensureSigningKey()
  await beginLife('web')
  const timer = setInterval(() => {
    beat('web').catch((error: unknown) => log.error({ err: error }, 'the database does not take a sign of life'))
  }, beatEverySeconds * 1000)
  timer.unref()
}

function noteClientAddresses(trustedHops: number): void {
  onHttpRequest(({ headers, socket }) => {
    const forwardedFor = headers['x-forwarded-for']
    const claimed = Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor
    headers[clientAddressHeader] = clientAddress(socket.remoteAddress, claimed, trustedHops) ?? ''
  })
}
