import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { type HttpResponse, HttpUnreachable, sendJson, sendStream } from '@/lib/http'
import { Problem, type ProblemFacts } from '@/protocol/problem'
import { protocolVersion } from '@/protocol/version'
import {
  type answerRequestSchema,
  claimResponseSchema,
  type contributionRequestSchema,
  type copyGoRequestSchema,
  type enrollRequestSchema,
  type eventsRequestSchema,
  eventsResponseSchema,
  type goRequestSchema,
  goResponseSchema,
  type heartbeatRequestSchema,
  heartbeatResponseSchema,
  type manifestRequestSchema,
  type MigrationStanding,
  manifestResponseSchema,
  migrationStandingSchema,
  type RunReference,
  type redeemMigrationRequestSchema,
  refusalSchema,
  type Standing,
  selfSchema,
  standingSchema,
  type swapGoRequestSchema,
} from '@/protocol/worker-api'

export type Self = z.infer<typeof selfSchema>
export type Heartbeat = z.infer<typeof heartbeatRequestSchema>
export type HeartbeatAnswer = z.infer<typeof heartbeatResponseSchema>
export type EventsAnswer = z.infer<typeof eventsResponseSchema>

/** The control plane heard the request and will not do it; the same request will not fare better. */
export class Refused extends Problem {
  readonly status: number
  constructor(status: number, facts: ProblemFacts) {
    super(facts)
    this.status = status
  }

  /** The worker key is unknown or revoked. */
  get isKeyRefused(): boolean {
    return this.status === 401
  }
}

/** Statuses after which the same request may fare better later: time-out, too many, an upgrade under way, and every 5xx. */
const passing = new Set([408, 425, 429])

/**
 * The control plane's API as this worker sees it (protocol/worker-api.ts). Every call throws `HttpUnreachable` when trying
 * again may help (network, 5xx, answers that are not what the protocol says), and `Refused` when it will not.
 */
export class ControlPlane {
  readonly url: string
  readonly #key: string | null

  constructor(url: string, key: string | null) {
    this.url = url
    this.#key = key
  }

  enroll(request: z.infer<typeof enrollRequestSchema>): Promise<Self> {
    return this.#call('enroll', selfSchema, request)
  }

  redeemMigration(request: z.infer<typeof redeemMigrationRequestSchema>, signal: AbortSignal): Promise<Self> {
    return this.#call('migrations', selfSchema, request, signal)
  }

  migration(signal: AbortSignal): Promise<MigrationStanding> {
    return this.#call('migration', migrationStandingSchema, undefined, signal)
  }

  self(signal?: AbortSignal): Promise<Self> {
    return this.#call('self', selfSchema, undefined, signal)
  }

  standing(signal: AbortSignal): Promise<Standing> {
    return this.#call('standing', standingSchema, undefined, signal)
  }

  heartbeat(request: Heartbeat, signal: AbortSignal): Promise<HeartbeatAnswer> {
    return this.#call('heartbeat', heartbeatResponseSchema, request, signal)
  }

  /** Claims the run; the answer is its spec, to be parsed with the schema of its job. */
  async claim(run: RunReference, signal: AbortSignal): Promise<unknown> {
    return (await this.#call('claims', claimResponseSchema, run, signal)).spec
  }

  sendEvents(request: z.infer<typeof eventsRequestSchema>, signal: AbortSignal): Promise<EventsAnswer> {
    return this.#call('events', eventsResponseSchema, request, signal)
  }

  async contribute(request: z.infer<typeof contributionRequestSchema>, signal: AbortSignal): Promise<void> {
    await this.#send('contributions', request, signal)
  }

  /** The signature of the manifest, in base64. */
  async go(request: z.infer<typeof goRequestSchema>, signal: AbortSignal): Promise<string> {
    return (await this.#call('go', goResponseSchema, request, signal)).signature
  }

  /** Resolves when a copied backup may get its manifest. */
  async swapGo(request: z.infer<typeof swapGoRequestSchema>, signal: AbortSignal): Promise<void> {
    await this.#send('swap-go', request, signal)
  }

  async copyGo(request: z.infer<typeof copyGoRequestSchema>, signal: AbortSignal): Promise<void> {
    await this.#send('copy-go', request, signal)
  }

  /** What a manifest found on a remote became in the catalogue. */
  async handIn(request: z.infer<typeof manifestRequestSchema>, signal: AbortSignal) {
    return (await this.#call('manifests', manifestResponseSchema, request, signal)).origin
  }

  async answer(request: z.infer<typeof answerRequestSchema>, signal: AbortSignal): Promise<void> {
    await this.#send('answers', request, signal)
  }

  /** Streams what was asked for to whoever waits for it; resolves when they have taken all. `bytes` null: nobody knows how many. */
  async transfer(id: string, body: Readable, bytes: number | null, signal: AbortSignal): Promise<void> {
    const length = bytes === null ? {} : { 'content-length': String(bytes) }
    const url = `${this.url}/api/worker/transfers/${id}`
    this.#understood(await sendStream(url, { method: 'PUT', headers: { ...this.#headers(), ...length }, body, signal }))
  }

  async #call<T>(path: string, schema: z.ZodType<T>, body: unknown, signal?: AbortSignal): Promise<T> {
    const parsed = schema.safeParse(await this.#send(path, body, signal))
    if (parsed.success) return parsed.data
    throw new HttpUnreachable(`the answer of ${this.url} to "${path}" is not what a Talekeeper control plane says`)
  }

  async #send(path: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    return this.#understood(
      await sendJson(`${this.url}/api/worker/${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: this.#headers(),
        body,
        signal,
      }),
    )
  }

  #headers(): Record<string, string> {
    return {
      'talekeeper-protocol': protocolVersion,
      ...(this.#key ? { authorization: `Bearer ${this.#key}` } : {}),
    }
  }

  #understood(response: HttpResponse): unknown {
    if (response.status >= 200 && response.status < 300) return response.body
    if (response.status < 400 || response.status >= 500 || passing.has(response.status))
      throw new HttpUnreachable(`${this.url} answered with status ${response.status}`)
    const refusal = refusalSchema.safeParse(response.body)
    // a proxy in between may refuse in its own words: that says nothing of the run, so it is tried again
    if (!refusal.success) throw new HttpUnreachable(`${this.url} answered with status ${response.status} and no reason`)
    throw new Refused(response.status, refusal.data.problem)
  }
}
