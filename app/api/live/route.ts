import { answerRoute, neverStored } from '@/app/answer-route'
import { readFollowed } from '@/core/live/read-followed'
import { readLiveState } from '@/core/live/read-live-state'
import { type Follow, followSchema } from '@/core/live/schema'
import { openStream } from '@/core/live/streams'
import { currentSession } from '@/lib/auth'
import { Problem } from '@/protocol/problem'

/**
 * GET: what goes on, as server-sent events (core/live/streams.ts) where the reader asks for them, else once as JSON.
 * `?follow=<backup|restore>.<id>[.<attempt>.<sequence>]` adds one run in full with its log after that line.
 */
export function GET(request: Request): Promise<Response> {
  return answerRoute('view', async () => {
    const follow = followOf(request)
    if (!request.headers.get('accept')?.includes('text/event-stream')) return answerOnce(follow)
    const session = await currentSession()
    if (!session) return new Response(null, { status: 401, headers: neverStored })
    const stream = openStream(session.sessionId, follow, request.signal)
    if (!stream) return new Response(null, { status: 503, headers: { ...neverStored, 'retry-after': '5' } })
    return new Response(stream, { headers: streamHeaders })
  })
}

/** No proxy may compress or gather what must arrive at once; a connection kept alive would keep an ending process alive, too. */
const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
}

async function answerOnce(follow: Follow | null): Promise<Response> {
  const [state, run] = await Promise.all([readLiveState(), follow && readFollowed(follow)])
  return Response.json({ state, run }, { headers: neverStored })
}

function followOf(request: Request): Follow | null {
  const text = new URL(request.url).searchParams.get('follow')
  if (text === null) return null
  const parsed = followSchema.safeParse(text)
  if (parsed.success) return parsed.data
  throw new Problem({ code: 'invalid-request', text: 'follow must be <backup|restore>.<id>[.<attempt>.<sequence>].' })
}
