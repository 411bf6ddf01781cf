'use client'

import { useEffect, useState } from 'react'
import { describeCron } from '@/core/plans/schedule'
import { nextStarts, type PlannedStart, type Schedule } from '@/core/plans/start-time'
import { Problem } from '@/protocol/problem'
import { RunList } from './run-list'

type Meaning = { words: string; runs: PlannedStart[]; timeZone: string; spreadMinutes: number } | { fault: string }

/** What a schedule means: its sentence, and its next ten runs. */
export function SchedulePreview({
  planId,
  cron,
  timeZone,
  spread,
  blackouts,
}: {
  planId: string | null
  cron: string
  timeZone: string
  spread: string
  blackouts: Schedule['blackouts']
}) {
  const [meaning, setMeaning] = useState<Meaning | null>(null)
  // after the page has woken up: server and browser would not agree on what is next
  useEffect(() => {
    const spreadMinutes = /^\d{1,3}$/.test(spread) ? Number(spread) : 0
    const schedule = { id: planId ?? '', cron, timeZone, spreadMinutes: planId ? spreadMinutes : 0, blackouts }
    setMeaning(meaningOf(schedule, spreadMinutes))
  }, [planId, cron, timeZone, spread, blackouts])
  if (meaning === null) return <div className="h-72" />
  return (
    <div aria-live="polite" className="rounded-lg bg-surface-muted px-4 py-3 text-sm">
      {'fault' in meaning ? (
        <p className="text-bad">{meaning.fault}</p>
      ) : (
        <>
          <p className="font-medium">
            {meaning.words}, {meaning.timeZone}
            {meaning.spreadMinutes > 0 && `, up to ${meaning.spreadMinutes} min later`}
          </p>
          <p className="mt-2 mb-1 text-muted text-xs">
            The next ten runs{meaning.spreadMinutes > 0 && planId === null && ', before their spread'}
          </p>
          <RunList runs={meaning.runs} timeZone={meaning.timeZone} />
        </>
      )}
    </div>
  )
}

function meaningOf(schedule: Schedule, spreadMinutes: number): Meaning {
  const { cron, timeZone } = schedule
  try {
    return { words: describeCron(cron), runs: nextStarts(schedule, new Date(), 10), timeZone, spreadMinutes }
  } catch (error) {
    return { fault: error instanceof Problem ? error.message : 'This schedule cannot be read.' }
  }
}
