'use client'

import { ListChecks } from 'lucide-react'
import { useState } from 'react'
import { ActionForm } from '@/components/form/action-form'
import { SubmitButton } from '@/components/form/submit-button'
import { CheckLines } from '@/components/run/check-lines'
import { Card } from '@/components/ui/card'
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
              <CheckLines lines={check.lines} />
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
