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
      {problem.action && <p className="break-words text-muted">{problem.action}</p>}
    </Notice>
  )
}
