import { Problem } from '@/protocol/problem'

type Position = { attempt: number; sequence: number }

/** `?before=<attempt>.<sequence>` and `?text=` of a log's lines. Throws Problem `invalid-request`. */
export function logLinesWanted(request: Request): { before?: Position; text?: string } {
  const before = positionBefore(request)
  const text = new URL(request.url).searchParams.get('text')?.slice(0, 200)
  return { ...(before ? { before } : {}), ...(text ? { text } : {}) }
}

function positionBefore(request: Request): Position | undefined {
  const text = new URL(request.url).searchParams.get('before')
  if (text === null) return undefined
  const match = /^(\d{1,9})\.(\d{1,12})$/.exec(text)
  if (!match) throw new Problem({ code: 'invalid-request', text: 'before must be <attempt>.<sequence>.' })
  return { attempt: Number(match[1]), sequence: Number(match[2]) }
}
