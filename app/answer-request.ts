import { NextResponse } from 'next/server'
import type { Actor } from '@/core/audit/actor'
import { authorize } from '@/core/users/authorize'
import type { Right } from '@/core/users/rights'
import { log } from '@/lib/log'
import { Problem, toProblemFacts } from '@/protocol/problem'

const statuses: Record<string, number> = { unauthenticated: 401, forbidden: 403 }

/** The body of every JSON route of the dashboard: may I?, then `work`; a refusal is `{ problem }` with a fitting status. */
export async function answerRequest(right: Right, work: (actor: Actor) => Promise<object>): Promise<NextResponse> {
  const headers = { 'Cache-Control': 'no-store' }
  try {
    return NextResponse.json(await work(await authorize(right)), { headers })
  } catch (error) {
    if (!(error instanceof Problem)) log.error({ err: error }, 'a request failed')
    return NextResponse.json({ problem: toProblemFacts(error) }, { status: statusOf(error), headers })
  }
}

/** The status of a refusal; what is no Problem is a defect of ours. */
export function statusOf(error: unknown): number {
  if (!(error instanceof Problem)) return 500
  return statuses[error.code] ?? (/(^|-)not-found$/.test(error.code) ? 404 : 400)
}
