import { neverStored } from '@/app/answer-route'
import { mayReadMetrics } from '@/core/metrics/may-read-metrics'
import { readMetrics } from '@/core/metrics/read-metrics'

export const dynamic = 'force-dynamic'

/** For Prometheus, behind the token METRICS_TOKEN; without one there is nothing here. */
export async function GET(request: Request): Promise<Response> {
  const may = mayReadMetrics(request.headers.get('authorization'))
  if (may === 'off') return new Response('METRICS_TOKEN is not set.\n', { status: 404, headers: neverStored })
  if (may === 'no')
    return new Response('Show the token: Authorization: Bearer METRICS_TOKEN\n', {
      status: 401,
      headers: { ...neverStored, 'www-authenticate': 'Bearer' },
    })
  const { text, contentType } = await readMetrics()
  return new Response(text, { headers: { ...neverStored, 'content-type': contentType } })
}
