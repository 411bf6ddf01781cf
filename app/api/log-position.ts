import { Problem } from '@/protocol/problem'

type Position = { attempt: number; sequence: number }

/** `?after=<attempt>.<sequence>` of a live route; undefined where it is not given. Throws Problem `invalid-request`. */
export function logPositionOf(request: Request): Position | undefined {
  return positionOf(request, 'after')
}

/** `?before=<attempt>.<sequence>` and `?text=` of a log's lines. Throws Problem `invalid-request`. */
export function logLinesWanted(request: Request): { before?: Position; text?: string } {
  const before = positionOf(request, 'before')
  const text = new URL(request.url).searchParams.get('text')?.slice(0, 200)
  return { ...(before ? { before } : {}), ...(text ? { text } : {}) }
}

function positionOf(request: Request, name: 'after' | 'before'): Position | undefined {
  const text = new URL(request.url).searchParams.get(name)
  if (text === null) return undefined
  const match = /^(\d{1,9})\.(\d{1,12})$/.exec(text)
  if (!match) throw new Problem({ code: 'invalid-request', text: `${name} must be <attempt>.<sequence>.` })
  return { attempt: Number(match[1]), sequence: Number(match[2]) }
}
