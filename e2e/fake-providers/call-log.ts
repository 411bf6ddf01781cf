export type SeenCall = { host: string; method: string; path: string; status: number }
export type CallMatch = {
  host?: string
  method?: string /** a regular expression's source */
  path?: string
  status?: number
}

const mostCalls = 100_000

/** Every request that was answered, for tests that count them. */
export class CallLog {
  private calls: SeenCall[] = []

  add(call: SeenCall): void {
    if (this.calls.length < mostCalls) this.calls.push(call)
  }

  list(match: CallMatch): SeenCall[] {
    const path = match.path === undefined ? null : new RegExp(match.path)
    return this.calls.filter(
      (call) =>
        (match.host === undefined || match.host === call.host) &&
        (match.method === undefined || match.method === call.method) &&
        (match.status === undefined || match.status === call.status) &&
        (path === null || path.test(call.path)),
    )
  }

  clear(): void {
    this.calls = []
  }
}
