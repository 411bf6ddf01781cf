import { Problem } from '@/protocol/problem'
import { isLoopback } from '@/worker/fileserver/loopback'

/** Without a trailing slash. Throws a Problem for anything but https, or http on this host. */
export function controlPlaneUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
  if (url && isSafe && !url.username && !url.password && !url.search && !url.hash) return url.href.replace(/\/+$/, '')
  const isPlain = url?.protocol === 'http:' && !isLoopback(url.hostname)
  throw new Problem({
    code: isPlain ? 'plain-http' : 'invalid-address',
    text: isPlain
      ? 'The control plane would be reached without encryption, so that anybody in between could read the key of this worker.'
      : 'That is not the address of a control plane.',
    action:
      'Give the address that the dashboard shows, beginning with https:// (plain http:// is for this very host only).',
    where: text,
  })
}
