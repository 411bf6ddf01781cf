'use client'

import { unstable_rethrow, useRouter } from 'next/navigation'
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  startTransition,
  use,
  useActionState,
  useEffect,
  useEffectEvent,
  useRef,
} from 'react'
import { toast } from 'sonner'
import { classNames } from '@/components/ui/class-names'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { ActionFailure, ActionResult, FieldErrors, FormAction } from './action-result'

type FormState = { pending: boolean; fields: FieldErrors }

const FormContext = createContext<FormState>({ pending: false, fields: {} })

/** The state of the form around: whether its action is under way, and what it found wrong by field. */
export function useFormState(): FormState {
  return use(FormContext)
}

/**
 * A form over a server action: keeps what was typed when the action fails, shows its problem and field errors, moves the
 * focus to the first of them, and follows `message` and `href` on success. `onSuccess` gets whatever else the action answered.
 */
export function ActionForm<Extra extends object = object>({
  action,
  onSuccess,
  className,
  children,
  ...props
}: Omit<ComponentProps<'form'>, 'action' | 'onInput' | 'onSubmit' | 'children'> & {
  action: FormAction<Extra>
  onSuccess?: (result: Extract<ActionResult<Extra>, { ok: true }>) => void
  children: ReactNode
}) {
  const router = useRouter()
  /** Says how it went and goes on at once: the form may be gone from the page when its answer is drawn. */
  const announced: FormAction<Extra> = async (previous, data) => {
    const answer = await action(previous, data).catch(toUnanswered)
    if (answer.ok && answer.message) toast.success(answer.message)
    if (answer.ok && answer.href) router.push(answer.href)
    return answer
  }
  // the server draws the bare action, so that the form also works before the page has woken up
  const [result, dispatch, pending] = useActionState(typeof window === 'undefined' ? action : announced, null)
  const form = useRef<HTMLFormElement>(null)

  const settle = useEffectEvent((settled: ActionResult<Extra>) => {
    if (!settled.ok) {
      const find = (selector: string) => form.current?.querySelector<HTMLElement>(selector)
      const fault = find('[aria-invalid="true"]') ?? find('[role="alert"]')
      fault?.focus()
      return
    }
    form.current?.removeAttribute('data-unsent')
    onSuccess?.(settled)
  })
  useEffect(() => {
    if (result) settle(result)
  }, [result])

  const failure = result && !result.ok && !pending ? result : null
  return (
    <form
      ref={form}
      noValidate
      action={dispatch}
      // what was typed and not sent keeps the page from being drawn anew
      onInput={(event) => event.currentTarget.setAttribute('data-unsent', '')}
      onSubmit={(event) => {
        // React empties a form whose `action` ran, also after a failure; dispatching by hand keeps what was typed
        event.preventDefault()
        event.stopPropagation()
        const data = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter)
        startTransition(() => dispatch(data))
      }}
      className={classNames('space-y-5', className)}
      {...props}
    >
      <FormContext value={{ pending, fields: failure?.fields ?? {} }}>
        {failure && <ProblemAlert problem={failure.problem} />}
        {children}
      </FormContext>
    </form>
  )
}

/** The web process is away, or newer than this page: what was typed stays. Redirects of the framework pass. */
function toUnanswered(error: unknown): ActionFailure {
  unstable_rethrow(error)
  return {
    ok: false,
    problem: {
      code: 'unreachable',
      text: 'The dashboard did not answer.',
      action: 'Try again in a moment. If that does not help, load the page anew.',
    },
  }
}
