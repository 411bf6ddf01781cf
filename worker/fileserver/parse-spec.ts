import type { z } from 'zod'
import { Problem } from '@/protocol/problem'

/** Throws a Problem that names the fields at fault, never their values: a spec holds secrets. */
export function parseSpec<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const refused = parsed.error.issues.filter((issue) => issue.code === 'custom' && issue.path.includes('options'))
  if (refused.length > 0) throw optionsRefused(refused.map((issue) => issue.message))
  const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'the whole')
  throw new Problem({
    code: 'spec-not-understood',
    text: `The worker does not understand what it was told to do (${[...new Set(fields)].slice(0, 10).join(', ')}).`,
    action: 'Bring worker and control plane to the same version of Talekeeper.',
  })
}

function optionsRefused(reasons: string[]): Problem {
  return new Problem({
    code: 'option-refused',
    text: `This worker does not pass on all settings of the remote. ${[...new Set(reasons)].slice(0, 10).join(' ')}`,
    action: 'Open the remote in the dashboard, take these settings out, and test it.',
  })
}
