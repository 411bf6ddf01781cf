'use client'

import { useEffect, useId, useState } from 'react'
import { SelectField, TextField } from '@/components/form/fields'
import { describeCron, nextRuns } from '@/core/plans/schedule'
import { Problem } from '@/protocol/problem'
import { RunList } from './run-list'

const presets = [
  { value: '0 0 * * *', label: 'Every night at midnight' },
  { value: '0 2 * * *', label: 'Every night at 02:00' },
  { value: '0 */6 * * *', label: 'Every 6 hours' },
  { value: '0 * * * *', label: 'Every hour' },
  { value: '0 3 * * 0', label: 'Every Sunday at 03:00' },
  { value: '0 3 1 * *', label: 'On the first of each month at 03:00' },
]

/** Preset or cron, time zone, and what they mean: the sentence and the next five runs, while one types. */
export function ScheduleFields({
  cron: savedCron,
  timeZone: savedTimeZone,
  timeZones,
}: {
  cron: string
  timeZone: string
  timeZones: string[]
}) {
  const [cron, setCron] = useState(savedCron)
  const [timeZone, setTimeZone] = useState(savedTimeZone)
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
      <Preview cron={cron} timeZone={timeZone} />
    </div>
  )
}

type Meaning = { words: string; runs: Date[]; timeZone: string } | { fault: string }

function Preview({ cron, timeZone }: { cron: string; timeZone: string }) {
  const [meaning, setMeaning] = useState<Meaning | null>(null)
  // after the page has woken up: server and browser would not agree on what is next
  useEffect(() => setMeaning(meaningOf(cron, timeZone)), [cron, timeZone])
  if (meaning === null) return <div className="h-44" />
  return (
    <div aria-live="polite" className="rounded-lg bg-surface-muted px-4 py-3 text-sm">
      {'fault' in meaning ? (
        <p className="text-bad">{meaning.fault}</p>
      ) : (
        <>
          <p className="font-medium">
            {meaning.words}, {meaning.timeZone}
          </p>
          <p className="mt-2 mb-1 text-muted text-xs">The next five runs</p>
          <RunList runs={meaning.runs} timeZone={meaning.timeZone} />
        </>
      )}
    </div>
  )
}

function meaningOf(cron: string, timeZone: string): Meaning {
  try {
    return { words: describeCron(cron), runs: nextRuns(cron, timeZone, new Date(), 5), timeZone }
  } catch (error) {
    return { fault: error instanceof Problem ? error.message : 'This schedule cannot be read.' }
  }
}
