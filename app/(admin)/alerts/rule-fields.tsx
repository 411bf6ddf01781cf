'use client'

import { useId } from 'react'
import { CheckboxField, SelectField, TextField } from '@/components/form/fields'
import { Checkbox } from '@/components/ui/input'
import type { ChannelDetail } from '@/core/channels/get-channel'
import { incidentKinds } from '@/core/incidents/kind-rules'
import type { InstanceChoice } from '@/core/instances/list-instance-choices'
import { environments } from '@/protocol/names'

type Rules = Pick<
  ChannelDetail,
  | 'severity'
  | 'environments'
  | 'instanceIds'
  | 'kinds'
  | 'timeZone'
  | 'quietFrom'
  | 'quietUntil'
  | 'digest'
  | 'digestHour'
  | 'paused'
>

const hours = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${hour}:00` }))

/** What a channel is told of, and when. Nothing ticked in a group means all of it. */
export function RuleFields({
  rules,
  instances,
  timeZones,
}: {
  rules: Rules
  instances: InstanceChoice[]
  timeZones: string[]
}) {
  const zoneListId = useId()
  return (
    <div className="space-y-6">
      <SelectField
        name="severity"
        label="Tell of"
        defaultValue={rules.severity}
        options={[
          { value: 'critical', label: 'what is critical' },
          { value: 'warning', label: 'warnings and what is critical' },
          { value: 'notice', label: 'everything, also what is merely worth knowing' },
        ]}
      />
      <Choices
        name="environments"
        legend="Environments"
        chosen={rules.environments}
        options={environments.map((value) => ({ value, label: value }))}
      />
      <Choices
        name="instanceIds"
        legend="Instances"
        chosen={rules.instanceIds}
        options={instances.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <details className="rounded-xl border border-border px-4 py-3">
        <summary className="cursor-pointer font-medium text-sm">
          Kinds{rules.kinds.length > 0 && ` (${rules.kinds.length} chosen)`}
        </summary>
        <div className="mt-3">
          <Choices
            name="kinds"
            legend="Only these kinds"
            chosen={rules.kinds}
            options={Object.entries(incidentKinds).map(([value, label]) => ({ value, label }))}
          />
        </div>
      </details>
      <div className="grid gap-5 sm:grid-cols-3">
        <TextField name="quietFrom" label="Quiet from" type="time" optional defaultValue={rules.quietFrom ?? ''} />
        <TextField name="quietUntil" label="until" type="time" optional defaultValue={rules.quietUntil ?? ''} />
        <TextField
          name="timeZone"
          label="Time zone"
          defaultValue={rules.timeZone}
          list={zoneListId}
          spellCheck={false}
        />
      </div>
      <datalist id={zoneListId}>
        {timeZones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <p className="text-[0.8125rem] text-muted">
        In quiet hours only what is critical is sent. The rest comes at their end, in one message.
      </p>
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectField
          name="digest"
          label="Digest"
          defaultValue={rules.digest}
          options={[
            { value: 'never', label: 'never' },
            { value: 'daily', label: 'every day' },
            { value: 'weekly', label: 'every Monday' },
          ]}
          description="How each instance stands, in a line, also when all is well."
        />
        <SelectField name="digestHour" label="at" defaultValue={String(rules.digestHour)} options={hours} />
      </div>
      <CheckboxField
        name="paused"
        label="Paused"
        defaultChecked={rules.paused}
        description="Nothing is sent, and what happens meanwhile is not told later."
      />
    </div>
  )
}

function Choices({
  name,
  legend,
  chosen,
  options,
}: {
  name: string
  legend: string
  chosen: string[]
  options: { value: string; label: string }[]
}) {
  const id = useId()
  if (options.length === 0) return null
  return (
    <fieldset>
      <legend className="mb-2 font-medium text-sm">
        {legend} <span className="font-normal text-muted text-xs">none ticked: all</span>
      </legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {options.map(({ value, label }) => (
          <label key={value} htmlFor={`${id}-${value}`} className="flex items-start gap-2 text-sm">
            <Checkbox
              id={`${id}-${value}`}
              name={name}
              value={value}
              defaultChecked={chosen.includes(value)}
              className="mt-0.5"
            />
            <span className="min-w-0 break-words">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
