'use client'

import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useFormState } from '@/components/form/action-form'
import { Button } from '@/components/ui/button'
import { Checkbox, Input } from '@/components/ui/input'
import type { Blackout } from '@/core/plans/blackouts'

const weekdays = [
  { day: 1, name: 'Monday' },
  { day: 2, name: 'Tuesday' },
  { day: 3, name: 'Wednesday' },
  { day: 4, name: 'Thursday' },
  { day: 5, name: 'Friday' },
  { day: 6, name: 'Saturday' },
  { day: 0, name: 'Sunday' },
]
const officeHours: Blackout = { days: [1, 2, 3, 4, 5], from: '08:00', until: '18:00' }

/** The times at which no run begins, sent as JSON. `onChange` lets the preview follow. */
export function BlackoutFields({
  blackouts,
  onChange,
}: {
  blackouts: Blackout[]
  onChange: (next: Blackout[]) => void
}) {
  const error = useFormState().fields.blackouts
  // a blackout has no name of its own
  const [keys, setKeys] = useState(() => blackouts.map((_, index) => index))
  const add = () => {
    setKeys([...keys, Math.max(-1, ...keys) + 1])
    onChange([...blackouts, officeHours])
  }
  const remove = (index: number) => {
    setKeys(keys.toSpliced(index, 1))
    onChange(blackouts.toSpliced(index, 1))
  }
  return (
    <fieldset className="space-y-3">
      <legend className="font-medium text-sm">Blackouts</legend>
      <p className="text-[0.8125rem] text-muted">
        No scheduled run begins in these times. One that is due then begins when they end; of several only the latest. A
        run that goes on already is not stopped, and “Run now” is not held up.
      </p>
      {error && (
        <p role="alert" className="text-bad text-sm">
          {error}
        </p>
      )}
      <input type="hidden" name="blackouts" value={JSON.stringify(blackouts)} />
      {blackouts.map((blackout, index) => (
        <BlackoutRow
          key={keys[index]}
          blackout={blackout}
          number={index + 1}
          onChange={(next) => onChange(blackouts.with(index, next))}
          onRemove={() => remove(index)}
        />
      ))}
      <Button size="sm" onClick={add}>
        <Plus aria-hidden />
        Add a blackout
      </Button>
    </fieldset>
  )
}

function BlackoutRow({
  blackout,
  number,
  onChange,
  onRemove,
}: {
  blackout: Blackout
  number: number
  onChange: (next: Blackout) => void
  onRemove: () => void
}) {
  const { days } = blackout
  const id = useId()
  const toggle = (day: number) =>
    onChange({ ...blackout, days: days.includes(day) ? days.filter((other) => other !== day) : [...days, day] })
  return (
    <fieldset className="rounded-lg border border-border p-3">
      <legend className="sr-only">Blackout {number}</legend>
      <div className="flex flex-wrap items-end justify-between gap-3">
        <div className="flex flex-wrap gap-x-4 gap-y-2">
          {weekdays.map(({ day, name }) => (
            <label key={day} htmlFor={`${id}-${day}`} className="flex min-h-6 items-center gap-1.5 text-sm">
              <Checkbox id={`${id}-${day}`} checked={days.includes(day)} onChange={() => toggle(day)} />
              <span aria-hidden>{name.slice(0, 3)}</span>
              <span className="sr-only">{name}</span>
            </label>
          ))}
        </div>
        <div className="flex items-end gap-2">
          {(['from', 'until'] as const).map((edge) => (
            <div key={edge}>
              <label htmlFor={`${id}-${edge}`} className="mb-1 block text-muted text-xs">
                {edge === 'from' ? 'From' : 'Until'}
              </label>
              <Input
                id={`${id}-${edge}`}
                type="time"
                required
                className="w-32"
                value={blackout[edge]}
                onChange={(event) => onChange({ ...blackout, [edge]: event.target.value })}
              />
            </div>
          ))}
          <Button size="icon" variant="ghost" aria-label={`Remove blackout ${number}`} onClick={onRemove}>
            <X aria-hidden />
          </Button>
        </div>
      </div>
    </fieldset>
  )
}
