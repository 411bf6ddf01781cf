'use client'

import { useState } from 'react'
import { CronFields } from '@/app/(admin)/plans/cron-fields'
import { SchedulePreview } from '@/app/(admin)/plans/schedule-preview'
import type { Blackout } from '@/core/plans/blackouts'

const noBlackouts: Blackout[] = []

/** When a refresh begins, and what that means. */
export function RefreshSchedule({ timeZones, ...saved }: { cron: string; timeZone: string; timeZones: string[] }) {
  const [cron, setCron] = useState(saved.cron)
  const [timeZone, setTimeZone] = useState(saved.timeZone)
  return (
    <div className="space-y-5">
      <CronFields
        cron={cron}
        onCronChange={setCron}
        timeZone={timeZone}
        onTimeZoneChange={setTimeZone}
        timeZones={timeZones}
      />
      <SchedulePreview planId={null} cron={cron} timeZone={timeZone} spread="" blackouts={noBlackouts} />
    </div>
  )
}
