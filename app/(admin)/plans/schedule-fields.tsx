'use client'

import { useEffect, useId, useState } from 'react'
import { SelectField, TextField } from '@/components/form/fields'
import { describeCron } from '@/core/plans/schedule'
import type { PlanSettings } from '@/core/plans/schema'
import { nextStarts, type PlannedStart, type Schedule } from '@/core/plans/start-time'
import { Problem } from '@/protocol/problem'
import { BlackoutFields } from './blackout-fields'
import { RunList } from './run-list'

const presets = [
  { value: '0 0 * * *', label: 'Every night at midnight' },
  { value: '0 2 * * *', label: 'Every night at 02:00' },
  { value: '0 */6 * * *', label: 'Every 6 hours' },
  { value: '0 * * * *', label: 'Every hour' },
  { value: '0 3 * * 0', label: 'Every Sunday at 03:00' },
  { value: '0 3 1 * *', label: 'On the first of each month at 03:00' },
]

export type ScheduleSettings = Pick<
  PlanSettings,
  'cron' | 'timeZone' | 'startWindowMinutes' | 'spreadMinutes' | 'blackouts'
>

/**
 * Preset or cron, time zone, spread, window, blackouts, and what they mean: the sentence and the next ten runs, while one types.
 * A plan that is not made yet (`planId` null) has no spread of its own to show.
 */
export function ScheduleFields({
  planId,
  settings,
  timeZones,
}: {
  planId: string | null
  settings: ScheduleSettings
  timeZones: string[]
}) {
  const [cron, setCron] = useState(settings.cron)
  const [timeZone, setTimeZone] = useState(settings.timeZone)
  const [spread, setSpread] = useState(settings.spreadMinutes ? String(settings.spreadMinutes) : '')
  const [blackouts, setBlackouts] = useState(settings.blackouts)
  const zoneListId = useId()
  const isPreset = presets.some((preset) => preset.value === cron)
  return (
    <div className="space-y-5">
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="preset"
          label="When"
          value={isPreset ? cron : ''}
          onChange={(event) => event.target.value && setCron(event.target.value)}
          options={[...presets, { value: '', label: 'As the cron expression says', disabled: isPreset }]}
        />
        <TextField
          name="cron"
          label="Cron expression"
          value={cron}
          onChange={(event) => setCron(event.target.value)}
          spellCheck={false}
          className="font-mono"
          description="Minute, hour, day of the month, month, day of the week."
        />
      </div>
      <TextField
        name="timeZone"
        label="Time zone"
        value={timeZone}
        onChange={(event) => setTimeZone(event.target.value)}
        list={zoneListId}
        spellCheck={false}
        description="Runs keep their hour on the wall clock when clocks change."
      />
      <datalist id={zoneListId}>
        {timeZones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          name="spreadMinutes"
          label="Random spread (minutes)"
          optional
          inputMode="numeric"
          value={spread}
          onChange={(event) => setSpread(event.target.value)}
          placeholder="none"
          description="Each run begins up to so much later, so that plans of one hour do not all begin at once."
        />
        <TextField
          name="startWindowMinutes"
          label="Window to start (minutes)"
          optional
          inputMode="numeric"
          defaultValue={settings.startWindowMinutes ?? ''}
          placeholder="no limit"
          description="A run that has not begun so long after its time is skipped, and says so. Empty: it waits."
        />
      </div>
      <BlackoutFields blackouts={blackouts} onChange={setBlackouts} />
      <Preview planId={planId} cron={cron} timeZone={timeZone} spread={spread} blackouts={blackouts} />
    </div>
  )
}

type Meaning = { words: string; runs: PlannedStart[]; timeZone: string; spreadMinutes: number } | { fault: string }

function Preview({
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
