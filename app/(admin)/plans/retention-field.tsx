'use client'

import { useEffect, useState } from 'react'
import { CheckboxField, TextField } from '@/components/form/fields'
import { previewDeletionsAction } from './actions'

/** Days to keep. Fewer than saved asks how many backups that deletes, and wants it confirmed by a tick. */
export function RetentionField({ planId, keepDays: saved }: { planId: string | null; keepDays: number }) {
  const [text, setText] = useState(String(saved))
  const days = /^\d{1,4}$/.test(text) ? Number(text) : saved
  const deletions = useDeletions(planId, days, saved)
  return (
    <div className="space-y-3">
      <TextField
        name="keepDays"
        label="Keep for (days)"
        value={text}
        onChange={(event) => setText(event.target.value)}
        inputMode="numeric"
        description="The last good backup of the plan is never deleted, nor is any that is pinned."
      />
      <div aria-live="polite">
        {deletions > 0 && (
          <CheckboxField
            key={deletions}
            name="confirmedDeletions"
            value={String(deletions)}
            label={
              deletions === 1
                ? 'Delete one backup that is kept today'
                : `Delete ${deletions} backups that are kept today`
            }
            description="The next deletion runs remove them from the remote, a few at a time, and nothing brings them back."
          />
        )}
      </div>
    </div>
  )
}

function useDeletions(planId: string | null, days: number, saved: number): number {
  const [found, setFound] = useState({ days: saved, count: 0 })
  useEffect(() => {
    if (planId === null || days >= saved || days < 1) return
    let current = true
    const timer = setTimeout(() => {
      void previewDeletionsAction(planId, days).then((answer) => {
        if (current && answer.ok) setFound({ days, count: answer.count })
      })
    }, 300)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [planId, days, saved])
  return found.days === days && days < saved ? found.count : 0
}
