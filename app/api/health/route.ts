import { getHealth } from '@/core/processes/get-health'

export const dynamic = 'force-dynamic'

/** For load balancers and watchdogs, without signing in: 200 while web, database and control work, else 503. */
export async function GET(): Promise<Response> {
  const health = await getHealth()
  const isWell = health.database && health.control
  return Response.json(health, { status: isWell ? 200 : 503, headers: { 'cache-control': 'no-store' } })
}
