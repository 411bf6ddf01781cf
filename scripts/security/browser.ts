import type { ServerAction } from './site'

export type Answer = { status: number; headers: Headers; text: string }

/** A client that speaks to the running web as a browser does, without following redirects, with one cookie at most. */
export class Browser {
  cookie = ''

  constructor(readonly origin: string) {}

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { method: 'GET', headers })
  }

  /** Calls a server action as its page does; `before` is what its arguments begin with, in front of the form. */
  act(
    action: ServerAction,
    form: Record<string, string>,
    options: { before?: unknown[]; headers?: Record<string, string>; path?: string } = {},
  ): Promise<Answer> {
    const body = new FormData()
    for (const [name, value] of Object.entries(form)) body.append(`_1_${name}`, value)
    // React's encoding of the arguments: `$K1` is the form whose fields begin with `_1_`
    body.append('0', JSON.stringify([...(options.before ?? [null]), '$K1']))
    return this.send(options.path ?? action.path, {
      method: 'POST',
      headers: { 'next-action': action.id, origin: this.origin, accept: 'text/x-component', ...options.headers },
      body,
    })
  }

  async send(path: string, request: { method: string; headers: Record<string, string>; body?: FormData | string }) {
    const headers = { ...request.headers, ...(this.cookie ? { cookie: this.cookie } : {}) }
    const response = await fetch(this.origin + path, { ...request, headers, redirect: 'manual' })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }

  /** Keeps the session cookie of an answer; false when it sets none. */
  keepCookie({ headers }: Answer): boolean {
    const session = headers.getSetCookie().find((line) => /session-token=[^;]/.test(line))
    if (session) this.cookie = session.split(';')[0] ?? ''
    return session !== undefined
  }
}
