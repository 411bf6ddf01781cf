import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { sha256Hex } from '@/lib/crypto'
import type { RunEvent } from '@/protocol/events'
import {
  answerRequestSchema,
  claimRequestSchema,
  enrollRequestSchema,
  eventsRequestSchema,
  fingerprintOf,
  goRequestSchema,
  heartbeatRequestSchema,
  type RunReference,
  type Standing,
} from '@/protocol/worker-api'
import type { Heartbeat, Self } from './control-plane'
import { runKey } from './run-key'

export type Fault = 'cut before' | 'cut after' | 'garbage' | 'page' | 'unavailable' | 'hang' | null
type Refusal = { status: number; code: string; text: string }

/** A control plane on loopback for tests: speaks protocol/worker-api.ts over real HTTP, keeps all in memory, and fails on demand. */
export class LoopbackControl {
  url = ''
  self: Self = {
    workerId: '00000000-0000-4000-8000-000000000001',
    workerSlug: 'fileserver',
    instance: { id: '00000000-0000-4000-8000-000000000002', slug: 'wt-test' },
    state: 'active',
    fingerprint: '',
    redis: null,
    signingKeys: [],
  }
  standing: Standing = { instance: { slug: 'wt-test', name: 'Test' }, plans: [] }
  tokens = new Set<string>()
  keySha256: string | null = null
  redisPasswordSha256: string | null = null
  readonly specs = new Map<string, unknown>()
  readonly claimed = new Set<string>()
  /** in the order they were taken, each once */
  readonly taken = new Map<string, RunEvent[]>()
  readonly cancelled = new Set<string>()
  readonly disowned = new Set<string>()
  readonly progress: unknown[] = []
  readonly heartbeats: Heartbeat[] = []
  readonly answers: unknown[] = []
  readonly manifests: string[] = []
  goRefusal: Refusal | null = null
  /** called for each request; what it returns happens to that request */
  fault: (path: string) => Fault = () => null
  /** every body that ever arrived, to look for secrets in */
  readonly bodies: string[] = []
  readonly #server = createServer((request, response) => void this.#serve(request, response))
  readonly #watchers = new Set<() => void>()

  async open(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (address && typeof address === 'object') this.url = `http://127.0.0.1:${address.port}`
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  /** Resolves once `holds` is true; looked at after each request. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds())
      await new Promise<void>((resolve) => {
        const watcher = () => {
          this.#watchers.delete(watcher)
          resolve()
        }
        this.#watchers.add(watcher)
      })
  }

  eventsOf(run: RunReference): RunEvent[] {
    return this.taken.get(runKey(run)) ?? []
  }

  isFinished(run: RunReference): boolean {
    return this.eventsOf(run).at(-1)?.body.type === 'finished'
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace('/api/worker/', '')
    const fault = this.fault(path)
    const body = await bodyOf(request)
    this.bodies.push(body)
    if (fault === 'cut before') return void request.socket.destroy()
    if (fault === 'unavailable') return reply(response, 503, { problem: { code: 'away', text: 'starting' } })
    if (fault === 'page') return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not here</h1>')
    if (fault === 'hang') return
    const { status, value } = this.#answer(path, request, body === '' ? null : JSON.parse(body))
    if (fault === 'cut after') request.socket.destroy()
    else if (fault === 'garbage') reply(response, 200, { lastSequence: 'many', cancel: 'perhaps' })
    else reply(response, status, value)
    for (const watcher of [...this.#watchers]) watcher()
  }

  #answer(path: string, request: IncomingMessage, body: unknown): { status: number; value: unknown } {
    if (path === 'enroll') return this.#enroll(body)
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    if (this.keySha256 && sha256Hex(key) !== this.keySha256)
      return refuse({ status: 401, code: 'unauthorised', text: 'unknown key' })
    if (path === 'self') return { status: 200, value: this.self }
    if (path === 'standing') return { status: 200, value: this.standing }
    if (path === 'heartbeat') return this.#heartbeat(body)
    if (path === 'claims') return this.#claim(claimRequestSchema.parse(body))
    if (path === 'events') return this.#events(body)
    if (path === 'go') return this.#go(body)
    if (path === 'swap-go') return { status: 200, value: {} }
    if (path === 'answers') {
      this.answers.push(answerRequestSchema.parse(body))
      return { status: 200, value: {} }
    }
    return refuse({ status: 404, code: 'not-found', text: `no ${path}` })
  }

  #enroll(body: unknown) {
    const request = enrollRequestSchema.parse(body)
    if (!this.tokens.delete(request.token))
      return refuse({
        status: 401,
        code: 'enrolment-used',
        text: 'This token was used already, or its 15 minutes are over.',
      })
    this.keySha256 = request.keySha256
    this.redisPasswordSha256 = request.redisPasswordSha256
    this.self = { ...this.self, fingerprint: fingerprintOf(request.keySha256) }
    return { status: 200, value: this.self }
  }

  #heartbeat(body: unknown) {
    const heartbeat = heartbeatRequestSchema.parse(body)
    this.heartbeats.push(heartbeat)
    const cancel = heartbeat.running.filter((run) => this.cancelled.has(runKey(run)))
    return { status: 200, value: { serverTime: new Date().toISOString(), cancel } }
  }

  #claim(run: RunReference) {
    const spec = this.specs.get(runKey(run))
    if (spec === undefined || this.claimed.has(runKey(run)))
      return refuse({ status: 409, code: 'not-claimable', text: 'This run is not waiting for this worker.' })
    this.claimed.add(runKey(run))
    return { status: 200, value: { spec } }
  }

  /** Takes what follows the last one taken, as the real one does; anything else of the batch it has already, or a gap. */
  #events(body: unknown) {
    const { run, events, progress } = eventsRequestSchema.parse(body)
    const key = runKey(run)
    if (this.disowned.has(key))
      return refuse({ status: 409, code: 'stale-attempt', text: 'Another attempt has this run.' })
    const taken = this.taken.get(key) ?? []
    this.taken.set(key, taken)
    for (const event of events) if (event.sequence === taken.length + 1) taken.push(event)
    if (progress) this.progress.push(progress)
    return { status: 200, value: { lastSequence: taken.length, cancel: this.cancelled.has(key) } }
  }

  #go(body: unknown) {
    if (this.goRefusal) return refuse(this.goRefusal)
    this.manifests.push(goRequestSchema.parse(body).manifest)
    return { status: 200, value: { signature: 'c2lnbmF0dXJl' } }
  }
}

function refuse({ status, code, text }: Refusal) {
  return { status, value: { problem: { code, text } } }
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
