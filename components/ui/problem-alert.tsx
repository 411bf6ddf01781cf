import { CircleX } from 'lucide-react'
import type { ProblemFacts } from '@/protocol/problem'
import { Notice } from './notice'

/** A Problem as a person needs it: what is wrong, where, and what to do next. */
export function ProblemAlert({ problem, title }: { problem: ProblemFacts; title?: string }) {
  return (
    <Notice tone="bad" icon={<CircleX aria-hidden />} role="alert" tabIndex={-1} data-problem={problem.code}>
      {title && <p className="font-semibold">{title}</p>}
      <p className="whitespace-pre-line break-words text-text">{problem.text}</p>
      {problem.where && !problem.text.includes(problem.where) && (
        <p className="break-all font-mono text-muted text-xs">{problem.where}</p>
      )}
      {problem.code === 'unauthenticated' ? (
        <SignInAgain />
      ) : (
        problem.action && <p className="break-words text-muted">{problem.action}</p>
      )}
    </Notice>
  )
}

/** Signs in apart from this page, so that what was typed here is still there to be sent once more. */
function SignInAgain() {
  return (
    <p className="text-muted">
      What you typed is kept.{' '}
      <a href="/sign-in?next=/signed-in" target="_blank" rel="noopener" className="text-accent underline">
        Sign in in a new tab
      </a>
      , then come back and try again here.
    </p>
  )
}
