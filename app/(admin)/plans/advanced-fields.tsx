'use client'

import { ChevronRight } from 'lucide-react'
import { SelectField, TextField } from '@/components/form/fields'
import type { PlanSettings } from '@/core/plans/schema'

export type AdvancedSettings = Pick<
  PlanSettings,
  | 'partMebibytes'
  | 'partCheck'
  | 'zstdLevel'
  | 'durationLimitHours'
  | 'stallLimitMinutes'
  | 'graceMinutes'
  | 'mebibytesPerSecond'
  | 'readBackEveryDays'
  | 'drillEveryDays'
>

/** What hardly anybody changes, folded away. */
export function AdvancedFields({ settings }: { settings: AdvancedSettings }) {
  return (
    <details className="group">
      <summary className="flex w-fit list-none items-center gap-2 rounded-md font-medium text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        Advanced: parts, compression, limits
      </summary>
      <div className="mt-5 grid gap-5 sm:grid-cols-2">
        <TextField
          name="partMebibytes"
          label="Part size (MiB)"
          inputMode="numeric"
          defaultValue={settings.partMebibytes}
          description="Before compression. Up to three parts lie in the worker’s spool."
        />
        <SelectField
          name="partCheck"
          label="Check after upload"
          defaultValue={settings.partCheck}
          options={[
            { value: 'hash', label: 'By the remote’s checksum, else read back' },
            { value: 'read back', label: 'Read every part back' },
            { value: 'size', label: 'Size only (weak)' },
          ]}
        />
        <TextField
          name="zstdLevel"
          label="Compression level"
          inputMode="numeric"
          defaultValue={settings.zstdLevel}
          description="zstd, 1 (fast) to 19 (small)."
        />
        <TextField
          name="mebibytesPerSecond"
          label="Bandwidth (MiB per second)"
          optional
          inputMode="numeric"
          defaultValue={settings.mebibytesPerSecond ?? ''}
          placeholder="no limit"
        />
        <TextField
          name="durationLimitHours"
          label="End a run after (hours)"
          inputMode="numeric"
          defaultValue={settings.durationLimitHours}
        />
        <TextField
          name="stallLimitMinutes"
          label="End a run without progress after (minutes)"
          inputMode="numeric"
          defaultValue={settings.stallLimitMinutes}
        />
        <TextField
          name="graceMinutes"
          label="Overdue after (minutes)"
          inputMode="numeric"
          defaultValue={settings.graceMinutes}
          description="So long after a planned time its good backup may be missing; a run that goes on is not overdue."
        />
        <TextField
          name="readBackEveryDays"
          label="Read the newest backup back every (days)"
          optional
          inputMode="numeric"
          defaultValue={settings.readBackEveryDays ?? ''}
          placeholder="never by itself"
          description="A worker downloads it and compares every byte. It steps back for a backup that is due."
        />
        <TextField
          name="drillEveryDays"
          label="Remind of a restore drill after (days)"
          optional
          inputMode="numeric"
          defaultValue={settings.drillEveryDays ?? ''}
          placeholder="never"
          description="An alert, when no backup of this plan was restored and compared for so long."
        />
      </div>
    </details>
  )
}
