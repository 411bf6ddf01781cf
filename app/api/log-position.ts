import { Problem } from '@/protocol/problem'

/** `?after=<attempt>.<sequence>` of a live route; undefined where it is not given. Throws Problem `invalid-request`. */
export function logPositionOf(request: Request): { attempt: number; sequence: number } | undefined {
  const text = new URL(request.url).searchParams.get('after')
  if (text === null) return undefined
  const match = /^(\d{1,9})\.(\d{1,12})$/.exec(text)
  if (!match) throw new Problem({ code: 'invalid-request', text: 'after must be <attempt>.<sequence>.' })
  return { attempt: Number(match[1]), sequence: Number(match[2]) }
}
