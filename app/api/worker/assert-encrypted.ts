import { Problem } from '@/protocol/problem'

const loopback = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/**
 * A worker's key crosses the network encrypted or not at all: with a public address in plain HTTP, only this host itself may
 * call. Throws Problem `not-encrypted`.
 */
export function assertEncrypted(publicUrl: string, host: string | null): void {
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol === 'https:') return
  if (loopback.test(hostname) && loopback.test((host ?? '').replace(/:\d+$/, ''))) return
  throw new Problem({
    code: 'not-encrypted',
    text: 'The control plane takes workers over HTTPS only, except on its own host.',
    action: 'Put it behind HTTPS, and set PUBLIC_URL to the https:// address.',
  })
}
