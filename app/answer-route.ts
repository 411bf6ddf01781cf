import { unstable_rethrow } from 'next/navigation'
import type { Actor } from '@/core/audit/actor'
import { authorize } from '@/core/users/authorize'
import type { Right } from '@/core/users/rights'
import { log } from '@/lib/log'
import { Problem, toProblemFacts } from '@/protocol/problem'

const statuses: Record<string, number> = {
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  'invalid-request': 400,
}

/** The body of a route that signed-in people read: may I?, then `work`; a Problem becomes `{ problem }` with its status. */
export async function answerRoute(right: Right, work: (actor: Actor) => Promise<Response>): Promise<Response> {
  try {
    return await work(await authorize(right))
  } catch (error) {
    unstable_rethrow(error)
    if (!(error instanceof Problem)) log.error({ error }, 'a route failed')
    const problem = toProblemFacts(error)
    return Response.json({ problem }, { status: statuses[problem.code] ?? 500, headers: neverStored })
  }
}

export const neverStored = { 'cache-control': 'no-store' }
