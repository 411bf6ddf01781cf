import { CircleCheck, CircleX } from 'lucide-react'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { RemoteTest } from '@/core/remotes/test-remote'

type Step = RemoteTest['steps'][number]

const words: Record<Step['name'], string> = {
  list: 'List the folder',
  write: 'Write a probe file',
  read: 'Read it back',
  compare: 'Compare both',
  delete: 'Delete it',
}

/** Each step of a test with its time, and what failed in plain words. */
export function TestSteps({ test }: { test: RemoteTest }) {
  const works = test.steps.length > 0 && test.steps.every((step) => step.ok)
  return (
    <div className="space-y-4">
      <ol className="divide-y divide-border rounded-lg border border-border text-sm">
        {test.steps.map((step) => (
          <StepRow key={step.name} step={step} />
        ))}
      </ol>
      {works && (
        <Notice tone="good" title="This remote works">
          <p className="text-text">
            {test.hashes.length > 0
              ? `It tells checksums of its own: ${test.hashes.join(', ')}.`
              : 'It tells no checksums, so parts are read back after their upload.'}
          </p>
        </Notice>
      )}
    </div>
  )
}

function StepRow({ step }: { step: Step }) {
  const Icon = step.ok ? CircleCheck : CircleX
  return (
    <li className="px-4 py-2.5">
      <div className="flex items-center gap-3">
        <Icon className={step.ok ? 'size-4 text-good' : 'size-4 text-bad'} aria-hidden />
        <span className="flex-1">
          {words[step.name]}
          <span className="sr-only">{step.ok ? ': works' : ': fails'}</span>
        </span>
        <span className="text-muted tabular-nums">{step.milliseconds} ms</span>
      </div>
      {step.problem && (
        <div className="mt-2">
          <ProblemAlert problem={step.problem} />
        </div>
      )}
    </li>
  )
}
