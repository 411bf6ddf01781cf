'use client'

import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type PointerEvent, useId, useState } from 'react'
import { classNames } from '@/components/ui/class-names'
import type { DayState, Strip } from '@/core/health/strip'

const cellWidth = 8
const pitch = 10
const height = 24

/** Each state has a shape of its own, so that colour is never alone. */
const cells: Record<DayState, { colour: string; path: (x: number) => string }> = {
  good: { colour: 'fill-good', path: (x) => box(x, 0, height) },
  mixed: { colour: 'fill-warning', path: (x) => box(x, 0, 10) + box(x, 14, 10) },
  bad: { colour: 'fill-bad', path: (x) => cross(x) },
  missed: { colour: 'fill-bad', path: (x) => frame(x) },
  other: { colour: 'fill-idle', path: (x) => box(x, 12, 12) },
  'under way': { colour: 'fill-running', path: (x) => box(x, 16, 8) + box(x, 8, 4) },
  none: { colour: 'fill-border-strong', path: (x) => box(x, height - 2, 2) },
}

const box = (x: number, y: number, tall: number) => `M${x} ${y}h${cellWidth}v${tall}h-${cellWidth}z`
const frame = (x: number) => `${box(x, 0, height)}M${x + 2} 2v${height - 4}h${cellWidth - 4}v-${height - 4}z`
const cross = (x: number) => `M${x} 6l2-2 2 5.5 2-5.5 2 2-2.3 6 2.3 6-2 2-2-5.5-2 5.5-2-2 2.3-6z`

/**
 * The last days of a plan, one cell a day. Pointer or arrow keys choose a day and tell what happened; a click or Enter opens
 * its backup.
 */
export function PlanStrip({
  planId,
  name,
  strip,
  marks,
}: {
  planId: string
  name: string
  strip: Strip
  /** the days on which an incident of the plan opened */
  marks: boolean[]
}) {
  const { until, days } = strip
  const [chosen, setChosen] = useState<number | null>(null)
  const router = useRouter()
  const bubble = useId()
  const current = chosen ?? days.length - 1
  const state = days[current] ?? 'none'
  const date = dateOf(until, days.length - 1 - current)
  const hasRun = state !== 'none' && state !== 'missed'
  const text = `${dayWords(date)}: ${stateWords[state]}${marks[current] ? '; an incident opened' : ''}`
  const open = () => hasRun && router.push(`/plans/${planId}/days/${date}`)
  const onPointer = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const index = Math.floor(((event.clientX - left) / width) * days.length)
    setChosen(Math.min(days.length - 1, Math.max(0, index)))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = steps[event.key]
    if (event.key === 'Enter' || event.key === ' ') open()
    else if (event.key === 'Escape') return setChosen(null)
    else if (step) setChosen(Math.min(days.length - 1, Math.max(0, current + step)))
    else return
    event.preventDefault()
  }
  return (
    <div className="relative min-w-0">
      <div
        role="slider"
        tabIndex={0}
        aria-label={`Last ${days.length} days of ${name}`}
        aria-valuemin={1}
        aria-valuemax={days.length}
        aria-valuenow={current + 1}
        aria-valuetext={text}
        aria-describedby={bubble}
        onPointerMove={onPointer}
        onPointerDown={onPointer}
        onPointerLeave={() => setChosen(null)}
        onFocus={() => setChosen(current)}
        onBlur={() => setChosen(null)}
        onClick={open}
        onKeyDown={onKeyDown}
        className={classNames('rounded-sm', hasRun ? 'cursor-pointer' : 'cursor-default')}
      >
        <svg
          viewBox={`0 0 ${days.length * pitch - 2} ${height}`}
          className="block h-6 w-full"
          preserveAspectRatio="none"
          aria-hidden
        >
          {chosen !== null && <rect x={current * pitch - 1} width={pitch} height={height} className="fill-text/15" />}
          {drawnStates(days).map((state) => (
            <path key={state} className={cells[state].colour} fillRule="evenodd" d={pathOf(days, state)} />
          ))}
          {marks.includes(true) && <path className="fill-text stroke-background" d={marksOf(marks)} />}
        </svg>
      </div>
      <p id={bubble} className="sr-only">
        Arrow keys choose a day, Enter opens its backup.
      </p>
      {chosen !== null && (
        <p
          aria-hidden
          className={classNames(
            'pointer-events-none absolute bottom-full z-20 mb-1.5 w-max max-w-64 rounded-md bg-text px-2.5 py-1.5 text-background text-xs shadow-md',
            current < days.length / 2 ? 'left-0' : 'right-0',
          )}
        >
          {text}
        </p>
      )}
    </div>
  )
}

const steps: Record<string, number> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: 7,
  PageDown: -7,
  Home: -1000,
  End: 1000,
}

/** A triangle on the foot of each marked day. */
function marksOf(marks: boolean[]): string {
  return marks.map((isMarked, index) => (isMarked ? `M${index * pitch} ${height}l4 -8l4 8z` : '')).join('')
}

function drawnStates(days: DayState[]): DayState[] {
  return [...new Set(days)]
}

function pathOf(days: DayState[], state: DayState): string {
  return days.map((day, index) => (day === state ? cells[state].path(index * pitch) : '')).join('')
}

const stateWords: Record<DayState, string> = {
  good: 'good backup',
  mixed: 'a good backup, and a failed run',
  bad: 'failed, no good backup',
  missed: 'missed, no run began',
  other: 'cancelled or skipped',
  'under way': 'under way',
  none: 'no run',
}

function dateOf(until: string, daysBefore: number): string {
  return new Date(Date.parse(`${until}T12:00:00Z`) - daysBefore * 86_400_000).toISOString().slice(0, 10)
}

/** `Sun, 22 Nov` */
function dayWords(date: string): string {
  const options = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const
  return new Date(`${date}T12:00:00Z`).toLocaleDateString('en-GB', options)
}
