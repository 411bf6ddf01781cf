import { neverStored } from '@/app/answer-route'
import { getReadiness } from '@/core/processes/get-readiness'

export const dynamic = 'force-dynamic'

/** For load balancers and watchdogs, without signing in: 200 while backups are planned and watched, else 503 and what is away. */
export async function GET(): Promise<Response> {
  const readiness = await getReadiness()
  const isReady = Object.values(readiness).every(Boolean)
  return Response.json(readiness, { status: isReady ? 200 : 503, headers: neverStored })
}
