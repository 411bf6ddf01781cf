import type { IncomingMessage, ServerResponse } from 'node:http'

const longestTextBytes = 4 * 1024 * 1024

/** How an answer is spoilt on its way out, after all that it reports has happened. */
export type Spoiling = 'cut' | 'drop'

/** One request to a provider, and its answer. */
export class Exchange {
  readonly url: URL
  readonly host: string
  /** parts of the path that a route leaves open */
  parameters: Record<string, string> = {}
  spoiling: Spoiling | null = null

  constructor(
    readonly request: IncomingMessage,
    readonly response: ServerResponse,
  ) {
    this.host = (request.headers.host ?? '').replace(/:\d+$/, '')
    this.url = new URL(request.url ?? '/', `https://${this.host}`)
  }

  get method(): string {
    return this.request.method ?? 'GET'
  }

  query(name: string): string {
    return this.url.searchParams.get(name) ?? ''
  }

  header(name: string): string {
    const value = this.request.headers[name]
    return (Array.isArray(value) ? value[0] : value) ?? ''
  }

  parameter(name: string): string {
    return this.parameters[name] ?? ''
  }

  async text(): Promise<string> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of this.request) {
      size += chunk.length
      if (size > longestTextBytes) throw new Error('the request is too long')
      chunks.push(chunk)
    }
    return Buffer.concat(chunks).toString('utf8')
  }

  async form(): Promise<URLSearchParams> {
    return new URLSearchParams(await this.text())
  }

  async json(): Promise<Record<string, unknown>> {
    const text = await this.text()
    const value: unknown = text === '' ? {} : JSON.parse(text)
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  }

  /** Sends an object as JSON, a string as HTML, null as nothing. */
  send(status: number, body: object | string | null, headers: Record<string, string> = {}): void {
    const text = body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    if (this.spoiling === 'drop') {
      this.response.destroy()
      return
    }
    this.response.writeHead(status, {
      ...(body === null
        ? {}
        : { 'content-type': typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json' }),
      ...(status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
      ...headers,
    })
    if (this.spoiling === 'cut') this.response.write(text.slice(0, text.length / 2), () => this.response.destroy())
    else this.response.end(text)
  }

  redirect(address: string): void {
    this.send(302, null, { location: address })
  }
}

export type Handler = (exchange: Exchange) => Promise<void> | void
export type Route = { method: string; host: string; path: string; handle: Handler }

/** The route whose path fits, `:name` standing for one part of it, which goes into the exchange's parameters. */
export function findRoute(routes: readonly Route[], exchange: Exchange): Route | null {
  const wanted = exchange.url.pathname.split('/')
  for (const route of routes) {
    if (route.method !== exchange.method || route.host !== exchange.host) continue
    const parts = route.path.split('/')
    if (parts.length !== wanted.length) continue
    const isFit = parts.every((part, number) => part.startsWith(':') || part === wanted[number])
    if (!isFit) continue
    exchange.parameters = Object.fromEntries(
      parts.flatMap((part, number) =>
        part.startsWith(':') ? [[part.slice(1), decodeURIComponent(wanted[number] ?? '')]] : [],
      ),
    )
    return route
  }
  return null
}
