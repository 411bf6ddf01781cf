import type { PublicStatus } from '@/core/status-page/public-status'
import { cachedMilliseconds, readPublicStatus } from '@/core/status-page/read-public-status'

/** What a link shows, as `write` draws it; a link that is none gets the same plain 404 whatever is wrong with it. */
export async function answerStatus(
  context: { params: Promise<{ token: string }> },
  contentType: string,
  write: (status: PublicStatus) => string,
): Promise<Response> {
  const status = await readPublicStatus((await context.params).token)
  if (status === null) return plain('Not found.\n', 404)
  if (status === 'busy') return plain('Too many ask at once. Try again in a minute.\n', 429, { 'retry-after': '60' })
  const headers = { 'content-type': contentType, 'cache-control': `private, max-age=${cachedMilliseconds / 1000}` }
  return new Response(write(status), { headers })
}

function plain(text: string, status: number, headers: Record<string, string> = {}): Response {
  return new Response(text, {
    status,
    headers: { ...headers, 'content-type': 'text/plain', 'cache-control': 'no-store' },
  })
}
