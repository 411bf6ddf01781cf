'use client'

import { TextField } from '@/components/form/fields'
import type { RetentionRule } from '@/core/backups/retention'

const rules = [
  { name: 'keepLast', label: 'Latest' },
  { name: 'keepDays', label: 'Days' },
  { name: 'keepDaily', label: 'Daily' },
  { name: 'keepWeekly', label: 'Weekly' },
  { name: 'keepMonthly', label: 'Monthly' },
  { name: 'keepYearly', label: 'Yearly' },
] as const

/** How long backups are kept: a number for each rule. `prefix` stands before the fields' names. */
export function RetentionFields({ rule, prefix }: { rule: RetentionRule; prefix: string }) {
  return (
    <fieldset className="space-y-4">
      <legend className="font-medium text-sm">Keep a backup if any of these keeps it</legend>
      <p className="text-[0.8125rem] text-muted">
        <b>Latest</b>: the newest so many. <b>Days</b>: all of the so many days before the newest. <b>Daily</b> to{' '}
        <b>yearly</b>: the newest of each of so many days, weeks, months, years, by the calendar of the plan’s time
        zone. Empty or 0 turns a rule off; with all of them off nothing is ever deleted.
      </p>
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-3">
        {rules.map(({ name, label }) => (
          <TextField
            key={name}
            name={`${prefix}${name}`}
            label={label}
            inputMode="numeric"
            defaultValue={rule[name] || ''}
            placeholder="off"
          />
        ))}
      </div>
      <TextField
        name={`${prefix}keepAtLeast`}
        label="Never fewer than"
        inputMode="numeric"
        defaultValue={rule.keepAtLeast}
        className="max-w-40"
        description="The newest so many good backups stay whatever the rules say; pinned ones stay anyway."
      />
    </fieldset>
  )
}
