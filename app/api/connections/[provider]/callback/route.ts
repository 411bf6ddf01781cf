import { NextResponse } from 'next/server'
import { answerRoute, neverStored } from '@/app/answer-route'
import { currentSessionId } from '@/app/session-id'
import { finishConnect } from '@/core/connections/finish-connect'
import { controlPlaneEnv } from '@/lib/env'
import { Problem } from '@/protocol/problem'

/**
 * Where a provider sends the browser back to. The code is exchanged here and now, by whoever began the visit in this very
 * session; the browser goes on to the connection's page, which tells how it went.
 */
export function GET(request: Request): Promise<Response> {
  return answerRoute('administer', async (actor) => {
    const { searchParams } = new URL(request.url)
    const [state, code, error] = ['state', 'code', 'error'].map((name) => searchParams.get(name))
    const returned = { state: state ?? null, code: code ?? null, error: error ?? null }
    try {
      const visit = await finishConnect(actor, await currentSessionId(), returned)
      return goTo(`/connections/${visit.connectionId}?visit=${visit.attemptId}`)
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      const isReplayed = problem.code === 'visit-replayed' && problem.where
      return goTo(isReplayed ? `/connections/${problem.where}?visit=replayed` : '/connections?visit=unknown')
    }
  })
}

function goTo(path: string): Response {
  return NextResponse.redirect(`${controlPlaneEnv().publicUrl}${path}`, { status: 303, headers: neverStored })
}
