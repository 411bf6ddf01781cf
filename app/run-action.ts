import { unstable_rethrow } from 'next/navigation'
import { z } from 'zod'
import type { ActionFailure, ActionResult, FieldErrors } from '@/components/form/action-result'
import type { Actor } from '@/core/audit/actor'
import { authorize } from '@/core/users/authorize'
import type { Right } from '@/core/users/rights'
import { log } from '@/lib/log'
import { Problem, toProblemFacts } from '@/protocol/problem'

/** The body of every server action: may I?, then `work`; whatever it throws becomes an answer that a person can use. */
export async function runAction<Extra extends object = object>(
  right: Right,
  work: (actor: Actor) => Promise<{ message?: string; href?: string } & Extra>,
): Promise<ActionResult<Extra>> {
  return answerAction(async () => work(await authorize(right)))
}

/** The same without a right, for the few actions of people who are not signed in. */
export async function answerAction<Extra extends object = object>(
  work: () => Promise<{ message?: string; href?: string } & Extra>,
): Promise<ActionResult<Extra>> {
  try {
    return { ok: true, ...(await work()) }
  } catch (error) {
    unstable_rethrow(error)
    return toFailure(error)
  }
}

const fieldName = /^[a-z][A-Za-z0-9_]*$/

function toFailure(error: unknown): ActionFailure {
  if (error instanceof z.ZodError) {
    const fields = fieldErrors(error)
    return {
      ok: false,
      problem: { code: 'invalid-input', text: 'Some fields need another look.', action: 'Correct the marked fields.' },
      fields,
    }
  }
  const problem = toProblemFacts(error)
  if (!(error instanceof Problem)) log.error({ err: error }, 'an action failed')
  const { where, ...placeless } = problem
  // a problem whose `where` names a form field is shown at that field too; the field's name itself means nothing to people
  if (where && fieldName.test(where)) return { ok: false, problem: placeless, fields: { [where]: problem.text } }
  return { ok: false, problem }
}

function fieldErrors(error: z.ZodError): FieldErrors {
  const fields: FieldErrors = {}
  for (const { path, message } of error.issues) {
    // a form has fields of lists by their whole path: `targets.0.remoteId`
    fields[String(path[0] ?? '')] ??= message
    fields[path.join('.')] ??= message
  }
  return fields
}
