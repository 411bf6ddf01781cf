import { setTimeout as sleep } from 'node:timers/promises'
import type { Exchange } from './exchange'

/** Which requests a fault meets: all that is given must fit. `path` is a regular expression's source. */
export type FaultMatch = { method?: string; host?: string; path?: string }

export type Fault = {
  match: FaultMatch
  /** so many requests, then never again */
  times: number
  /** so many that fit are let through before */
  after?: number
} & (
  | { kind: 'status'; status: number; body?: object; headers?: Record<string, string> }
  /** answered, but only then */
  | { kind: 'slow'; milliseconds: number }
  /** waits until the fault is cleared */
  | { kind: 'hold' }
  /** the request is carried out; half of the answer arrives */
  | { kind: 'cut' }
  /** the request is carried out; nothing arrives */
  | { kind: 'drop' }
  /** the connection ends before anything is carried out */
  | { kind: 'refuse' }
)

type Planned = Fault & { id: number; left: number; passing: number; cleared: AbortController; met: number }

/** Faults that tests ask for, first come first met. */
export class Faults {
  private readonly planned: Planned[] = []
  private lastId = 0

  add(fault: Fault): number {
    const id = ++this.lastId
    const cleared = new AbortController()
    this.planned.push({ ...fault, id, left: fault.times, passing: fault.after ?? 0, cleared, met: 0 })
    return id
  }

  /** Ends one fault, or all; what a `hold` held goes on. */
  clear(id?: number): void {
    for (const fault of this.planned.filter((candidate) => id === undefined || candidate.id === id)) {
      fault.left = 0
      fault.cleared.abort()
    }
  }

  /** How many requests have met a fault. */
  met(id: number): number {
    return this.planned.find((fault) => fault.id === id)?.met ?? 0
  }

  /** True: the request has had its answer, and is not to be carried out. */
  async meet(exchange: Exchange): Promise<boolean> {
    const fault = this.planned.find((candidate) => candidate.left > 0 && fits(candidate.match, exchange))
    if (!fault) return false
    if (fault.passing > 0) {
      fault.passing--
      return false
    }
    fault.left--
    fault.met++
    switch (fault.kind) {
      case 'status':
        exchange.request.resume()
        exchange.send(
          fault.status,
          fault.body ?? { type: 'error', status: fault.status, code: 'fault', message: 'asked for by a test' },
          fault.headers,
        )
        return true
      case 'slow':
        await waitFor(fault.milliseconds, fault.cleared.signal)
        return false
      case 'hold':
        await waitFor(2 ** 30, fault.cleared.signal)
        return false
      case 'refuse':
        exchange.response.destroy()
        return true
      default:
        exchange.spoiling = fault.kind
        return false
    }
  }
}

async function waitFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {})
}

function fits(match: FaultMatch, exchange: Exchange): boolean {
  return (
    (match.method === undefined || match.method === exchange.method) &&
    (match.host === undefined || match.host === exchange.host) &&
    (match.path === undefined || new RegExp(match.path).test(exchange.url.pathname))
  )
}
