import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { rootCertificates } from 'node:tls'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import { commonEnv } from './env'

export type HttpResponse = { status: number; body: unknown }

/** The other side could not be reached, or did not answer in time, or not in JSON. Trying again may help. */
export class HttpUnreachable extends Error {
  override readonly name = 'HttpUnreachable'
}

let dispatcher: Dispatcher | undefined

/** Every outbound request goes through here: HTTPS_PROXY (not for loopback) and EXTRA_CA_FILE are respected. */
function sharedDispatcher(): Dispatcher {
  if (dispatcher) return dispatcher
  const env = commonEnv()
  const connect = env.extraCaFile ? { ca: [...rootCertificates, readFileSync(env.extraCaFile, 'utf8')] } : {}
  dispatcher = env.httpsProxy
    ? new EnvHttpProxyAgent({
        httpsProxy: env.httpsProxy,
        noProxy: 'localhost,127.0.0.1,[::1]',
        connect,
        requestTls: connect,
      })
    : new Agent({ connect })
  return dispatcher
}

/**
 * Sends JSON and returns the parsed JSON answer, whatever its status.
 * Throws HttpUnreachable for network failures, time-outs, and answers that are no JSON or longer than 16 MiB.
 */
export async function sendJson(
  url: string,
  options: {
    method: 'GET' | 'POST'
    headers?: Record<string, string>
    body?: unknown
    timeoutSeconds?: number
    signal?: AbortSignal | undefined
  },
): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout((options.timeoutSeconds ?? 30) * 1000)
  const signal = options.signal ? AbortSignal.any([timeout, options.signal]) : timeout
  try {
    const response = await request(url, {
      method: options.method,
      headers: { accept: 'application/json', 'content-type': 'application/json', ...options.headers },
      body: options.body === undefined ? null : JSON.stringify(options.body),
      dispatcher: sharedDispatcher(),
      signal,
    })
    return { status: response.statusCode, body: JSON.parse(await readBounded(response.body)) }
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
    return { status: response.statusCode, body: JSON.parse(await readBounded(response.body)) }
  } catch (cause) {
    if (options.signal.aborted) throw options.signal.reason
    throw new HttpUnreachable(`the stream to ${new URL(url).origin} broke off: ${reasonOf(cause)}`, { cause })
  }
}

async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > 16 * 1024 * 1024) throw new Error('the answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function reasonOf(cause: unknown): string {
  if (cause instanceof SyntaxError) return 'it is not JSON'
  if (cause instanceof Error) return cause.name === 'TimeoutError' ? 'it took too long' : cause.message
  return 'unknown'
}
