import type { z } from 'zod'
import { clientAddressHeader } from '@/core/users/client-address'
import { authenticateWorker } from '@/core/workers/authenticate-worker'
import { noteRefusal } from '@/core/workers/note-refusal'
import { controlPlaneEnv } from '@/lib/env'
import { log } from '@/lib/log'
import { Problem, toProblemFacts } from '@/protocol/problem'
import { acceptedProtocol, protocolVersion } from '@/protocol/version'
import { assertEncrypted } from './assert-encrypted'
import { readBounded } from './read-bounded'

const protocolHeader = 'talekeeper-protocol'
const mebibyte = 1024 * 1024
const strangerLimitBytes = 64 * 1024

type WorkerWithInstance = Awaited<ReturnType<typeof authenticateWorker>>

/**
 * A route of the workers' API: refuses an unencrypted way, a protocol version that does not fit, a worker that is not active (before a
 * byte of the body is read), a body that is too long or not of `schema`. Answers in JSON, and a refusal as `{ problem }` with
 * its status.
 */
export function workerRoute<Schema extends z.ZodType>(
  schema: Schema,
  answer: (worker: WorkerWithInstance, body: z.infer<Schema>, protocol: string) => Promise<unknown>,
  limitBytes = mebibyte,
): (request: Request) => Promise<Response> {
  return (request) =>
    respond(request, async (protocol) => {
      const worker = await authenticateWorker(request.headers.get('authorization'))
      return answer(worker, parse(schema, await readBounded(request, limitBytes)), protocol)
    })
}

/** The same for a body that is no message but a stream, of whatever length; `answer` takes it at its own pace. */
export function workerStreamRoute<Segments>(
  answer: (worker: WorkerWithInstance, body: ReadableStream<Uint8Array>, segments: Segments) => Promise<unknown>,
): (request: Request, context: { params: Promise<Segments> }) => Promise<Response> {
  return (request, { params }) =>
    respond(request, async () => {
      const worker = await authenticateWorker(request.headers.get('authorization'))
      return answer(worker, request.body ?? new Blob([]).stream(), await params)
    })
}

/** The same for enrolment, whose token is in the body; `caller` is where it comes from, as far as that is known. */
export function strangerRoute<Schema extends z.ZodType>(
  schema: Schema,
  answer: (body: z.infer<Schema>, caller: { protocol: string; address: string | null }) => Promise<unknown>,
): (request: Request) => Promise<Response> {
  return (request) =>
    respond(request, async (protocol) => {
      const address = request.headers.get(clientAddressHeader) || null
      return answer(parse(schema, await readBounded(request, strangerLimitBytes)), { protocol, address })
    })
}

/** The same for a request without a body, which pending workers may make too. */
export function pendingWorkerRoute(
  answer: (worker: WorkerWithInstance) => Promise<unknown>,
): (request: Request) => Promise<Response> {
  return (request) =>
    respond(request, async () =>
      answer(await authenticateWorker(request.headers.get('authorization'), { pending: true })),
    )
}

async function respond(request: Request, answer: (protocol: string) => Promise<unknown>): Promise<Response> {
  try {
    assertEncrypted(controlPlaneEnv().publicUrl, request.headers.get('host'))
    const protocol = await acceptProtocol(request)
    return json(await answer(protocol), 200)
  } catch (error) {
    const status = error instanceof Problem ? (statuses[error.code] ?? 422) : 500
    if (status === 500) log.error({ err: error, path: new URL(request.url).pathname }, 'a request of a worker failed')
    return json({ problem: toProblemFacts(error) }, status)
  }
}

async function acceptProtocol({ headers }: Request): Promise<string> {
  const protocol = headers.get(protocolHeader)
  try {
    return acceptedProtocol(protocol)
  } catch (error) {
    await noteRefusal(headers.get('authorization'), protocol)
    throw error
  }
}

/** 5xx means: the same request may fare better later. 409: this run is not in the worker's hands. */
const statuses: Record<string, number> = {
  'invalid-request': 400,
  'invalid-token': 403,
  'link-unknown': 403,
  'link-altered': 403,
  'link-revoked': 403,
  'link-expired': 403,
  'link-used': 403,
  'link-of-another-worker': 403,
  'no-migration': 404,
  unauthorised: 401,
  'worker-pending': 403,
  'not-encrypted': 403,
  'not-claimable': 409,
  locked: 409,
  'stale-attempt': 409,
  cancelled: 409,
  'go-given': 409,
  'invalid-folder': 409,
  'transfer-ended': 409,
  'too-large': 413,
  'protocol-mismatch': 426,
  'believed-lost': 503,
  'no-signing-key': 503,
}

function json(body: unknown, status: number): Response {
  return Response.json(body, { status, headers: { 'cache-control': 'no-store', [protocolHeader]: protocolVersion } })
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('the body, which is not JSON')
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  // names of fields only: a value may be a secret
  throw invalid(
    [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'the body'))].slice(0, 5).join(', '),
  )
}

function invalid(where: string): Problem {
  return new Problem({
    code: 'invalid-request',
    text: 'The request is not one of the protocol.',
    where: where.slice(0, 500),
  })
}
