'use client'

import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import type { CountedDay } from '@/core/backups/count-by-day'
import { type DayLook, dayLooks, describeDay, lookOf, lookWords } from './day-rules'
import { type BackupSearch, backupsHref, zoneOf } from './filter'

/** Colour and sign, so that colour is never alone. */
const looks: Record<DayLook, { style: string; sign: string }> = {
  failed: { style: 'bg-bad text-on-bad', sign: '×' },
  partial: { style: 'border border-warning/50 bg-warning-soft text-warning', sign: '!' },
  good: { style: 'border border-good/50 bg-good-soft text-good', sign: '' },
  open: { style: 'border border-running/50 bg-running-soft text-running', sign: '…' },
  none: { style: 'border border-border', sign: '' },
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/**
 * A year of days, weeks as columns. A day leads to its backups, and once shown back to all; the arrows move from day to day. The
 * first day is a Monday.
 */
export function HeatMap({ days, search }: { days: CountedDay[]; search: BackupSearch }) {
  const router = useRouter()
  const last = days.length - 1
  const shown = search.from === search.to ? days.findIndex(({ day }) => day === search.from) : -1
  const [reached, setReached] = useState(shown >= 0 ? shown : last)
  const [told, setTold] = useState<number | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const zone = zoneOf(search)
  const allDays = backupsHref({ ...search, zone, from: undefined, to: undefined })

  // on a narrow screen the year does not fit: today is what matters
  useEffect(() => {
    const scroller = table.current?.parentElement
    if (scroller) scroller.scrollLeft = scroller.scrollWidth
  }, [])

  function move(event: KeyboardEvent) {
    const steps: Record<string, number> = {
      ArrowLeft: -7,
      ArrowRight: 7,
      ArrowUp: -1,
      ArrowDown: 1,
      Home: -last,
      End: last,
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const isEdge = event.key === 'Home' || event.key === 'End'
    const next = isEdge ? Math.min(last, Math.max(0, reached + step)) : reached + step
    if (next < 0 || next > last) return
    setReached(next)
    table.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus()
  }

  function follow(event: MouseEvent) {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    router.push(link.getAttribute('href') ?? '/backups', { scroll: false })
  }

  function tell(event: { target: EventTarget }) {
    const link = event.target instanceof Element ? event.target.closest('[data-day]') : null
    setTold(link ? Number(link.getAttribute('data-day')) : null)
  }

  const toldDay = told === null ? undefined : days[told]
  return (
    <Card>
      <div className="relative overflow-x-auto pb-1">
        <table
          ref={table}
          className="w-full min-w-[46rem] table-fixed border-separate border-spacing-[2px] [&_a]:flex [&_a]:aspect-square [&_a]:w-full [&_a]:items-center [&_a]:justify-center [&_a]:rounded-[3px] [&_a]:font-bold [&_a]:text-[0.625rem] [&_a]:leading-none [&_td]:p-0"
          onKeyDown={move}
          onClick={follow}
          onMouseOver={tell}
          onMouseLeave={() => setTold(null)}
          onFocus={tell}
          onBlur={() => setTold(null)}
        >
          <caption className="sr-only">Backups by day, the last year, in {zone}</caption>
          <thead>
            <tr className="text-left text-[0.6875rem] text-muted">
              <th className="w-8" scope="col">
                <span className="sr-only">Weekday</span>
              </th>
              {monthsOf(days).map(({ name, weeks }, index) => (
                <th
                  key={days[index]?.day}
                  colSpan={weeks}
                  scope="colgroup"
                  className="overflow-visible whitespace-nowrap font-normal"
                >
                  {weeks > 1 ? name : <span className="sr-only">{name}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weekdays.map((weekday, row) => (
              <tr key={weekday}>
                <th scope="row" className="pr-1 text-left font-normal text-[0.6875rem] text-muted leading-none">
                  <span className={row % 2 === 0 ? '' : 'sr-only'}>{weekday}</span>
                </th>
                {days.map(({ day, counts }, index) =>
                  index % 7 === row ? (
                    <td key={day}>
                      <Day
                        index={index}
                        text={describeDay(day, counts)}
                        look={lookOf(counts)}
                        href={index === shown ? allDays : `${allDays}&from=${day}&to=${day}`}
                        isShown={index === shown}
                        isReached={index === reached}
                      />
                    </td>
                  ) : null,
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="mt-2 flex flex-wrap items-center justify-between gap-x-6 gap-y-1 text-muted text-xs">
        <p aria-hidden className="min-h-5">
          {toldDay ? describeDay(toldDay.day, toldDay.counts) : `Days in ${zone}. Choose one to see its backups.`}
        </p>
        <Legend />
      </div>
    </Card>
  )
}

function Day({
  index,
  text,
  look,
  href,
  isShown,
  isReached,
}: {
  index: number
  text: string
  look: DayLook
  href: string
  isShown: boolean
  isReached: boolean
}) {
  return (
    <a
      data-day={index}
      href={href}
      tabIndex={isReached ? 0 : -1}
      aria-current={isShown ? 'date' : undefined}
      className={isShown ? `${looks[look].style} outline-2 outline-accent outline-offset-1` : looks[look].style}
    >
      <span className="sr-only">{text}</span>
      <span aria-hidden>{looks[look].sign}</span>
    </a>
  )
}

function Legend() {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1">
      {dayLooks.map((look) => (
        <li key={look} className="flex items-center gap-1.5">
          <span
            aria-hidden
            className={classNames(
              'flex size-3.5 items-center justify-center rounded-[3px] font-bold text-[0.625rem] leading-none',
              looks[look].style,
            )}
          >
            {looks[look].sign}
          </span>
          {lookWords[look]}
        </li>
      ))}
    </ul>
  )
}

/** The months in order, each with the weeks that begin in it. */
function monthsOf(days: CountedDay[]): { name: string; weeks: number }[] {
  const months: { name: string; weeks: number }[] = []
  const format = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' })
  for (let index = 0; index < days.length; index += 7) {
    const name = format.format(new Date(days[index]?.day ?? ''))
    const current = months.at(-1)
    if (current?.name === name) current.weeks++
    else months.push({ name, weeks: 1 })
  }
  return months
}
