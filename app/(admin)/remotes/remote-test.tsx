'use client'

import { PlugZap } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ActionResult } from '@/components/form/action-result'
import { SelectField } from '@/components/form/fields'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { RemoteTest as Outcome } from '@/core/remotes/test-remote'
import type { ProblemFacts } from '@/protocol/problem'
import { type Backend, backendSchema } from '@/protocol/remotes'
import { testRemoteAction } from './actions'
import { TestSteps } from './test-steps'
import { unreachable } from './unreachable'

export type TestWorker = { id: string; slug: string; instance: string }

type Shown = { outcome: Outcome; backend: Backend } | { problem: ProblemFacts } | null

/** Stands inside the remote's form and tests what is typed there, from a worker, saved or not. */
export function RemoteTest({ workers }: { workers: TestWorker[] }) {
  const place = useRef<HTMLDivElement>(null)
  const [running, setRunning] = useState(false)
  const [shown, setShown] = useState<Shown>(null)

  const run = async () => {
    const form = place.current?.closest('form')
    if (!form) return
    setRunning(true)
    setShown(null)
    const data = new FormData(form)
    const answer = await testRemoteAction(data).catch(() => null)
    setShown(answer ? toShown(answer, backendSchema.parse(data.get('backend'))) : { problem: unreachable })
    setRunning(false)
  }

  return (
    <Card
      title="Test"
      description="A worker makes a folder there, writes 1 MiB, reads it back, compares, renames and deletes it. Nothing is saved."
    >
      <div ref={place} className="space-y-4">
        {workers.length === 0 ? (
          <Notice title="No worker is active yet">
            <p>Enrol a worker of an instance first: tests run from there, as the backups will.</p>
          </Notice>
        ) : (
          <div className="flex flex-wrap items-end gap-3">
            <div className="min-w-56 flex-1">
              <SelectField
                name="testWorkerId"
                label="From worker"
                options={workers.map((worker) => ({ value: worker.id, label: `${worker.slug} (${worker.instance})` }))}
              />
            </div>
            <Button pending={running} onClick={() => void run()}>
              {!running && <PlugZap aria-hidden />}
              {running ? 'Testing…' : 'Test this remote'}
            </Button>
          </div>
        )}
        <div aria-live="polite">
          {shown &&
            ('problem' in shown ? (
              <ProblemAlert problem={shown.problem} />
            ) : (
              <TestSteps test={shown.outcome} backend={shown.backend} />
            ))}
        </div>
      </div>
    </Card>
  )
}

/** A test marks no fields, so the text names what is wrong with each. */
function toShown(answer: ActionResult<{ test: Outcome }>, backend: Backend): Shown {
  if (answer.ok) return { outcome: answer.test, backend }
  const { problem, fields } = answer
  if (problem.code !== 'invalid-input' || !fields) return { problem }
  const text = [problem.text, ...Object.values(fields)].join('\n')
  return { problem: { ...problem, text, action: 'Correct them, then test again.' } }
}
