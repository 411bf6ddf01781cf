import { readFileSync } from 'node:fs'
import type { BlockList, LookupFunction } from 'node:net'
import type { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { commonEnv } from './env'
import { AddressRefused, assertOpen, guardedLookup } from './network-guard'

export type HttpResponse = { status: number; headers: Record<string, string | string[] | undefined>; body: unknown }

const mebibyte = 1024 * 1024

/** The other side could not be reached, or did not answer in time, or not in JSON. Trying again may help. */
export class HttpUnreachable extends Error {
  override readonly name = 'HttpUnreachable'
}

let dispatcher: Dispatcher | undefined

/** Every outbound request goes through here: HTTPS_PROXY (not for loopback and NO_PROXY) and EXTRA_CA_FILE are respected. */
function sharedDispatcher(): Dispatcher {
  dispatcher ??= makeDispatcher({})
  return dispatcher
}

function makeDispatcher(extra: { lookup?: LookupFunction }): Dispatcher {
  const { httpsProxy, noProxy: without } = commonEnv()
  const noProxy = ['localhost', '127.0.0.1', '[::1]', ...(without ? [without] : [])].join(',')
  const ca = trustedCertificates()
  const connect = { ...(ca ? { ca } : {}), ...extra }
  if (!httpsProxy) return new Agent({ connect })
  return new EnvHttpProxyAgent({ httpsProxy, noProxy, connect, requestTls: connect })
}

/** The public ones and those of EXTRA_CA_FILE; undefined: there is none, so the runtime's own. */
export function trustedCertificates(): string[] | undefined {
  const { extraCaFile } = commonEnv()
  return extraCaFile ? [...rootCertificates, readFileSync(extraCaFile, 'utf8')] : undefined
}

type RequestOptions = {
  headers?: Record<string, string>
  timeoutSeconds?: number
  signal?: AbortSignal | undefined
  /** 16 MiB where not given */
  limitBytes?: number
  /** an empty answer is null, and no fault */
  mayBeEmpty?: boolean
}

/**
 * Sends JSON and returns the parsed JSON answer, whatever its status.
 * Throws HttpUnreachable for network failures, time-outs, and answers that are no JSON or longer than the limit.
 */
export function sendJson(
  url: string,
  options: RequestOptions & { method: 'GET' | 'POST' | 'DELETE'; body?: unknown },
): Promise<HttpResponse> {
  const body = options.body === undefined ? null : JSON.stringify(options.body)
  return send(url, options, { method: options.method, type: 'application/json', body })
}

/** Posts a form and returns the parsed JSON answer, whatever its status. Throws like sendJson. */
export function sendForm(
  url: string,
  form: Record<string, string>,
  options: RequestOptions = {},
): Promise<HttpResponse> {
  const body = new URLSearchParams(form).toString()
  return send(url, options, { method: 'POST', type: 'application/x-www-form-urlencoded', body })
}

async function send(
  url: string,
  options: RequestOptions,
  { method, type, body }: { method: 'GET' | 'POST' | 'DELETE'; type: string; body: string | null },
): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout((options.timeoutSeconds ?? 30) * 1000)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  try {
    const response = await request(url, {
      method,
      headers: { accept: 'application/json', 'content-type': type, ...options.headers },
      body,
      dispatcher: sharedDispatcher(),
      signal,
    })
    const text = await readBounded(response.body, options.limitBytes)
    const isNothing = text === '' && options.mayBeEmpty === true
    return { status: response.statusCode, headers: response.headers, body: isNothing ? null : JSON.parse(text) }
  } catch (cause) {
    if (options.signal?.aborted) throw options.signal.reason
    throw new HttpUnreachable(`no usable answer from ${new URL(url).origin}: ${reasonOf(cause)}`, { cause })
  }
}

/**
 * Sends a stream as it comes, held back by whoever takes it, and returns the parsed JSON answer, which may come before the end.
 * It lasts as long as it lasts: `signal` ends it. Throws like sendJson; a stream that breaks off breaks off the request.
 */
export async function sendStream(
  url: string,
  options: { method: 'PUT'; headers: Record<string, string>; body: Readable; signal: AbortSignal },
): Promise<HttpResponse> {
  try {
    const response = await request(url, {
      ...options,
      headers: { accept: 'application/json', 'content-type': 'application/octet-stream', ...options.headers },
      headersTimeout: 0,
      bodyTimeout: 0,
      dispatcher: sharedDispatcher(),
    })
    return {
      status: response.statusCode,
      headers: response.headers,
      body: JSON.parse(await readBounded(response.body)),
    }
  } catch (cause) {
    if (options.signal.aborted) throw options.signal.reason
    throw new HttpUnreachable(`the stream to ${new URL(url).origin} broke off: ${reasonOf(cause)}`, { cause })
  }
}

/** What is kept of an answer that is shown to people. */
const mostAnswerBytes = 4096

/**
 * Sends a text to an address that a person typed in, following no redirect, and resolves to the status with the beginning of the
 * answer. Addresses of this host and of private networks are refused unless `allowed` (lib/network-guard.ts).
 * Throws AddressRefused, and HttpUnreachable, whose texts never hold more of the URL than its origin.
 */
export async function sendGuarded(
  url: string,
  options: {
    method: 'GET' | 'POST' | 'PUT'
    headers?: Record<string, string>
    body?: string
    timeoutSeconds: number
    allowed: BlockList
  },
): Promise<{ status: number; headers: HttpResponse['headers']; text: string }> {
  const { origin, hostname } = new URL(url)
  assertOpen(hostname, options.allowed)
  const guarded = makeDispatcher({ lookup: guardedLookup(options.allowed) })
  try {
    const response = await request(url, {
      method: options.method,
      headers: options.headers ?? {},
      body: options.body ?? null,
      dispatcher: guarded,
      signal: AbortSignal.timeout(options.timeoutSeconds * 1000),
    })
    return { status: response.statusCode, headers: response.headers, text: await readBeginning(response.body) }
  } catch (cause) {
    if (cause instanceof AddressRefused) throw cause
    throw new HttpUnreachable(`no usable answer from ${origin}: ${reasonOf(cause)}`, { cause })
  } finally {
    // the answer may go on for ever
    void guarded.destroy()
  }
}

async function readBeginning(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= mostAnswerBytes) break
  }
  return Buffer.concat(chunks).subarray(0, mostAnswerBytes).toString('utf8')
}

async function readBounded(body: AsyncIterable<Buffer>, limitBytes = 16 * mebibyte): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limitBytes) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(cause: unknown): string {
  if (cause instanceof SyntaxError) return 'it is not JSON'
  if (cause instanceof Error) return cause.name === 'TimeoutError' ? 'it took too long' : cause.message
  return 'unknown'
}
