'use client'

import { CircleAlert, CircleCheck, ListChecks, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import type { RestoreCheck } from '@/core/restores/check-restore'
import type { CheckLine } from '@/protocol/restore-check'
import { checkRestoreAction } from './actions'
import { ConfirmStep } from './confirm-step'
import { PreviewStep } from './preview-step'
import type { Chosen } from './restore-wizard'

/** Has the worker look at all that the restore needs, and lets it be confirmed when nothing is red. */
export function CheckStep({
  backupId,
  query,
  target,
  isOther,
  isInPlace,
  isStopped,
}: {
  backupId: string
  query: string
  target: Chosen['target']
  isOther: boolean
  isInPlace: boolean
  isStopped: boolean
}) {
  const [check, setCheck] = useState<RestoreCheck | null>(null)
  const count = (level: CheckLine['level']) => check?.lines.filter((line) => line.level === level).length ?? 0
  return (
    <>
      <Card
        title="3. Check"
        description={`The worker ${target.slug} on ${target.hostName} looks at all that it needs.`}
      >
        <div className="space-y-5">
          {check && (
            <div aria-live="polite" data-check={count('red') > 0 ? 'red' : count('amber') > 0 ? 'amber' : 'green'}>
              <ul aria-label="What the check found" className="space-y-3">
                {check.lines.map((line) => (
                  <Line key={`${line.name} ${line.text}`} line={line} />
                ))}
              </ul>
            </div>
          )}
          <ActionForm<{ check: RestoreCheck }>
            action={checkRestoreAction}
            onSuccess={(answer) => setCheck(answer.check)}
            className="space-y-4"
          >
            <input type="hidden" name="backupId" value={backupId} />
            <input type="hidden" name="query" value={query} />
            <SubmitButton variant={check ? 'secondary' : 'primary'} disabled={isStopped}>
              <ListChecks aria-hidden />
              {check ? 'Check once more' : 'Check'}
            </SubmitButton>
          </ActionForm>
        </div>
      </Card>
      {check && isInPlace && count('red') === 0 && <PreviewStep key={`preview ${check.id}`} checkId={check.id} />}
      {check && count('red') === 0 && (
        <ConfirmStep key={check.id} check={check} target={target} isOther={isOther} isInPlace={isInPlace} />
      )}
    </>
  )
}

const looks = {
  green: { Icon: CircleCheck, tone: 'text-good', word: 'Good' },
  amber: { Icon: TriangleAlert, tone: 'text-warning', word: 'Look at this' },
  red: { Icon: CircleAlert, tone: 'text-bad', word: 'Stops the restore' },
} as const

function Line({ line: { name, level, text, action } }: { line: CheckLine }) {
  const { Icon, tone, word } = looks[level]
  return (
    <li className="flex gap-3 text-sm" data-line={name} data-level={level}>
      <Icon className={classNames('mt-0.5 size-4 shrink-0', tone)} aria-hidden />
      <div className="min-w-0">
        <p className="break-words">
          <span className="sr-only">{word}: </span>
          {text}
        </p>
        {action && <p className="break-words text-muted">{action}</p>}
      </div>
    </li>
  )
}
