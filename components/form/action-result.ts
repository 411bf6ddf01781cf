import type { ProblemFacts } from '@/protocol/problem'

/** Texts by field name, shown at the field. */
export type FieldErrors = Record<string, string>

export type ActionFailure = { ok: false; problem: ProblemFacts; fields?: FieldErrors }

/**
 * What every server action answers. On success `message` is shown as a toast and `href` is where the browser goes next;
 * on failure `problem` is shown above the form and `fields` at the fields.
 */
export type ActionResult<Extra extends object = object> =
  | ({ ok: true; message?: string; href?: string } & Extra)
  | ActionFailure

/** A server action that a form calls. */
export type FormAction<Extra extends object = object> = (
  previous: ActionResult<Extra> | null,
  form: FormData,
) => Promise<ActionResult<Extra>>
