'use client'

import { useEffect, useRef } from 'react'
import { SubmitButton } from '@/components/form/submit-button'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import type { PlanChoices } from '@/core/plans/list-choices'
import type { PlanChange, PlanConflict } from '@/core/plans/plan-changes'
import { settingLabel, settingText } from './setting-words'

/** Somebody saved the plan while this form was open: exactly what, and both ways on. Nothing was written yet. */
export function ConflictNotice({ conflict, choices }: { conflict: PlanConflict; choices: PlanChoices }) {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => place.current?.focus(), [])
  const who = conflict.by ?? 'Somebody'
  const clashes = conflict.changes.filter(({ clashes }) => clashes)
  const others = conflict.changes.filter(({ clashes }) => !clashes)
  return (
    <Notice
      ref={place}
      tabIndex={-1}
      role="alert"
      tone="warning"
      title={`${who} changed this plan while you edited it`}
    >
      <div className="space-y-3 text-text">
        <p>
          Saved {conflict.at ? <Time at={conflict.at} /> : 'meanwhile'}. Nothing of yours is saved yet, and nothing is
          lost: what you entered stands below.
        </p>
        <ChangeList title="You did not touch these: they stay as they are now" changes={others} choices={choices} />
        <ChangeList title="You changed these too: yours would replace them" changes={clashes} choices={choices} />
        {conflict.changes.length === 0 && <p>The settings are as they were: it was changed and changed back.</p>}
        <div className="flex flex-wrap gap-2">
          <SubmitButton size="sm">{clashes.length > 0 ? 'Save mine over these' : 'Save mine as well'}</SubmitButton>
          <Button size="sm" onClick={() => window.location.reload()}>
            Discard mine and load theirs
          </Button>
        </div>
      </div>
    </Notice>
  )
}

function ChangeList({ title, changes, choices }: { title: string; changes: PlanChange[]; choices: PlanChoices }) {
  if (changes.length === 0) return null
  return (
    <div>
      <p className="font-medium">{title}</p>
      <ul className="mt-1 list-disc space-y-0.5 pl-5">
        {changes.map(({ field, before, now }) => (
          <li key={field} className="break-words">
            {settingLabel(field)}: <del className="text-muted">{settingText(field, before, choices)}</del>{' '}
            <ins className="font-medium no-underline">{settingText(field, now, choices)}</ins>
          </li>
        ))}
      </ul>
    </div>
  )
}
