import { hasRight } from '@/core/users/rights'
import { log } from '@/lib/log'
import { findLiveSession } from '@/lib/sessions'
import { Problem } from '@/protocol/problem'
import { readFollowed } from './read-followed'
import { readLiveState } from './read-live-state'
import type { Follow } from './schema'

/**
 * Server-sent events: `state` (core/live/schema.ts), `run` (the run that is followed), `over` when the session is. One reader for
 * all streams of the process looks at the database once a second, while there are any: the cost grows with the runs that go on,
 * not with the tabs that watch. Each second it also asks whether the streams' sessions still hold.
 */
const lookMilliseconds = 1000
/** so that proxies do not close a quiet stream, and a browser notices a dead one */
const pingEveryLooks = 15
const mostStreams = 300
/** what a browser that does not read may leave lying here, in messages */
const mostUnread = 50

type Client = {
  sessionId: string
  follow: Follow | null
  controller: ReadableStreamDefaultController<Uint8Array>
  lastState: string
  lastRun: string
}

/** The bundler gives the route and the start of the process modules of their own: both must find the same streams. */
type Shared = { clients: Set<Client>; isClosing: boolean; isLooking: boolean; looks: number }
const holder = globalThis as typeof globalThis & { talekeeperStreams?: Shared }

function shared(): Shared {
  holder.talekeeperStreams ??= { clients: new Set(), isClosing: false, isLooking: false, looks: 0 }
  return holder.talekeeperStreams
}

/**
 * A stream for a session that may view, or null when there are too many or the process ends: the reader polls then. `gone` is of
 * the request: a browser that leaves before the answer begins never reads the stream, and nothing would cancel it.
 */
export function openStream(
  sessionId: string,
  follow: Follow | null,
  gone: AbortSignal,
): ReadableStream<Uint8Array> | null {
  const { clients, isClosing } = shared()
  if (isClosing || gone.aborted || clients.size >= mostStreams) return null
  let client: Client
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        client = { sessionId, follow, controller, lastState: '', lastRun: '' }
        clients.add(client)
        gone.addEventListener('abort', () => end(client), { once: true })
        write(client, ': open\n\n')
        void keepLooking()
      },
      cancel: () => void clients.delete(client),
    },
    { highWaterMark: mostUnread },
  )
}

/** Ends all streams and takes no new ones, so that the web process can end. */
export function closeStreams(): void {
  shared().isClosing = true
  for (const client of shared().clients) end(client)
}

async function keepLooking(): Promise<void> {
  const state = shared()
  if (state.isLooking) return
  state.isLooking = true
  while (state.clients.size > 0) {
    const began = performance.now()
    try {
      await look(state)
    } catch (error) {
      log.error({ err: error }, 'the live streams could not be served')
    }
    const pause = Math.max(lookMilliseconds - (performance.now() - began), lookMilliseconds / 4)
    await new Promise((resolve) => setTimeout(resolve, pause).unref())
  }
  state.isLooking = false
}

async function look(state: Shared): Promise<void> {
  state.looks += 1
  await endRevoked(state.clients)
  const text = JSON.stringify(await readLiveState())
  for (const client of state.clients) {
    if (client.lastState !== text) send(client, 'state', text)
    client.lastState = text
    if (state.looks % pingEveryLooks === 0) send(client, 'ping', '{}')
  }
  await sendFollowed(state.clients)
}

async function endRevoked(clients: Set<Client>): Promise<void> {
  for (const sessionId of new Set([...clients].map((client) => client.sessionId))) {
    const session = await findLiveSession(sessionId)
    if (session && hasRight(session.user.role, 'view')) continue
    for (const client of clients) {
      if (client.sessionId !== sessionId) continue
      send(client, 'over', '{}')
      end(client)
    }
  }
}

/** Reads each followed run once for all who have got to the same line of its log. */
async function sendFollowed(clients: Set<Client>): Promise<void> {
  const reads = new Map<string, ReturnType<typeof readRun>>()
  for (const client of clients) {
    if (!client.follow) continue
    const key = JSON.stringify(client.follow)
    const reading = reads.get(key) ?? readRun(client.follow)
    reads.set(key, reading)
    const run = await reading
    if (run) sendRun(client, client.follow, run)
  }
}

function sendRun(client: Client, follow: Follow, run: NonNullable<Awaited<ReturnType<typeof readRun>>>): void {
  const { lines, ...facts } = run
  const text = JSON.stringify(facts)
  if (text === client.lastRun && lines.length === 0) return
  send(client, 'run', JSON.stringify(run))
  client.lastRun = text
  const last = lines.at(-1)
  if (last) client.follow = { ...follow, after: { attempt: last.attempt, sequence: last.sequence } }
}

async function readRun(follow: Follow) {
  try {
    return await readFollowed(follow)
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

function send(client: Client, event: string, data: string): void {
  write(client, `event: ${event}\ndata: ${data}\n\n`)
}

const encoder = new TextEncoder()

function write(client: Client, text: string): void {
  const room = client.controller.desiredSize
  if (room === null || room <= 0) end(client)
  else client.controller.enqueue(encoder.encode(text))
}

function end(client: Client): void {
  if (!shared().clients.delete(client)) return
  try {
    client.controller.close()
  } catch {
    // the browser was faster
  }
}
