'use client'

import { useState } from 'react'
import { TextField } from '@/components/form/fields'
import type { PlanSettings } from '@/core/plans/schema'
import { BlackoutFields } from './blackout-fields'
import { CronFields } from './cron-fields'
import { SchedulePreview } from './schedule-preview'

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
  return (
    <div className="space-y-5">
      <CronFields
        cron={cron}
        onCronChange={setCron}
        timeZone={timeZone}
        onTimeZoneChange={setTimeZone}
        timeZones={timeZones}
      />
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
      <SchedulePreview planId={planId} cron={cron} timeZone={timeZone} spread={spread} blackouts={blackouts} />
    </div>
  )
}
