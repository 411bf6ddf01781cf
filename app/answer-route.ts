import { unstable_rethrow } from 'next/navigation'
import type { Actor } from '@/core/audit/actor'
import { authorize } from '@/core/users/authorize'
import type { Right } from '@/core/users/rights'
import { log } from '@/lib/log'
import { Problem, toProblemFacts } from '@/protocol/problem'
import { statusOf } from './answer-request'

/** The body of a route that signed-in people read: may I?, then `work`; a Problem becomes `{ problem }` with its status. */
export async function answerRoute(right: Right, work: (actor: Actor) => Promise<Response>): Promise<Response> {
  try {
    return await work(await authorize(right))
  } catch (error) {
    unstable_rethrow(error)
    if (!(error instanceof Problem)) log.error({ error }, 'a route failed')
    return Response.json({ problem: toProblemFacts(error) }, { status: statusOf(error), headers: neverStored })
  }
}

export const neverStored = { 'cache-control': 'no-store' }
