import type { z } from 'zod'
import { Problem } from '@/protocol/problem'

/** The query of a request's address, checked. Throws Problem `invalid-request`. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  const result = schema.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!result.success) throw new Problem({ code: 'invalid-request', text: 'The address of this request is not valid.' })
  return result.data
}
