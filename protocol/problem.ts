import { z } from 'zod'

/** An error meant for a person: what is wrong, where, and what to do. It never contains a secret. */
export const problemSchema = z.object({
  /** kebab-case and stable: tests and clients branch on it, never on the text */
  code: z.string().regex(/^[a-z0-9-]{1,64}$/),
  text: z.string().min(1).max(2000),
  /** what to do next */
  action: z.string().max(2000).optional(),
  /** the source, remote, file or field concerned */
  where: z.string().max(1000).optional(),
})

export type ProblemFacts = z.infer<typeof problemSchema>

/** The one error class that crosses room borders; anything else that is thrown is a defect and shown as a generic text. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly action: string | undefined
  readonly where: string | undefined

  constructor(facts: ProblemFacts, options?: ErrorOptions) {
    super(facts.text, options)
    this.code = facts.code
    this.action = facts.action
    this.where = facts.where
  }

  /** The part that may be stored, sent and shown. */
  toFacts(): ProblemFacts {
    return {
      code: this.code,
      text: this.message.slice(0, 2000),
      ...(this.action ? { action: this.action.slice(0, 2000) } : {}),
      ...(this.where ? { where: this.where.slice(0, 1000) } : {}),
    }
  }
}

/** The facts of any thrown value; a defect keeps its details for the log and shows a generic text. */
export function toProblemFacts(error: unknown): ProblemFacts {
  if (error instanceof Problem) return error.toFacts()
  return {
    code: 'internal-error',
    text: 'Something went wrong inside Talekeeper.',
    action: 'Look at the log of this process for the details, and report it.',
  }
}
