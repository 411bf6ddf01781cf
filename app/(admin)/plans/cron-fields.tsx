'use client'

import { useId } from 'react'
import { SelectField, TextField } from '@/components/form/fields'

const presets = [
  { value: '0 0 * * *', label: 'Every night at midnight' },
  { value: '0 2 * * *', label: 'Every night at 02:00' },
  { value: '0 */6 * * *', label: 'Every 6 hours' },
  { value: '0 * * * *', label: 'Every hour' },
  { value: '0 3 * * 0', label: 'Every Sunday at 03:00' },
  { value: '0 3 1 * *', label: 'On the first of each month at 03:00' },
]

/** Preset or cron expression, and the time zone that it counts in. */
export function CronFields({
  cron,
  onCronChange,
  timeZone,
  onTimeZoneChange,
  timeZones,
}: {
  cron: string
  onCronChange: (cron: string) => void
  timeZone: string
  onTimeZoneChange: (timeZone: string) => void
  timeZones: string[]
}) {
  const zoneListId = useId()
  const isPreset = presets.some((preset) => preset.value === cron)
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="preset"
          label="When"
          value={isPreset ? cron : ''}
          onChange={(event) => event.target.value && onCronChange(event.target.value)}
          options={[...presets, { value: '', label: 'As the cron expression says', disabled: isPreset }]}
        />
        <TextField
          name="cron"
          label="Cron expression"
          value={cron}
          onChange={(event) => onCronChange(event.target.value)}
          spellCheck={false}
          className="font-mono"
          description="Minute, hour, day of the month, month, day of the week."
        />
      </div>
      <TextField
        name="timeZone"
        label="Time zone"
        value={timeZone}
        onChange={(event) => onTimeZoneChange(event.target.value)}
        list={zoneListId}
        spellCheck={false}
        description="Runs keep their hour on the wall clock when clocks change."
      />
      <datalist id={zoneListId}>
        {timeZones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  )
}
