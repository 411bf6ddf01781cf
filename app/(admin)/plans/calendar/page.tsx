import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { z } from 'zod'
import { authorizePage } from '@/app/authorize-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { listCalendar } from '@/core/plans/list-calendar'
import { listPlans } from '@/core/plans/list-plans'
import { assertTimeZone } from '@/core/plans/schedule'
import { CollisionList } from './collision-list'
import { LaneTable } from './lane-table'
import { RunsByDay } from './runs-by-day'
import { type Week, weekOf } from './week'

export const metadata: Metadata = { title: 'Calendar of plans' }

const querySchema = z.object({
  week: z.string().max(20).optional().catch(undefined),
  by: z.enum(['worker', 'remote']).catch('worker'),
  zone: z.string().max(60).optional().catch(undefined),
})

/** All planned runs of a week, per worker or per remote; `?week=2027-03-01&by=remote&zone=UTC`. */
export default async function CalendarPage({ searchParams }: { searchParams: Promise<Record<string, string>> }) {
  await authorizePage('view')
  const query = querySchema.parse(await searchParams)
  const zones = zonesOf((await listPlans()).map(({ timeZone }) => timeZone))
  const zone = query.zone && isZone(query.zone) ? query.zone : (zones[0] ?? 'UTC')
  const now = new Date()
  const week = weekOf(query.week, zone, now)
  const { runs, collisions, unknown, isCut } = await listCalendar(week.from > now ? week.from : now, week.until)
  const href = (changes: Record<string, string>) =>
    `/plans/calendar?${new URLSearchParams({ by: query.by, zone, ...(query.week ? { week: query.week } : {}), ...changes })}`
  return (
    <>
      <PageHeader
        title="Calendar of plans"
        breadcrumbs={[{ label: 'Plans', href: '/plans' }]}
        description={`${weekWords(week, zone)}, in ${zone}. Each run as long as its plan usually takes.`}
        actions={<WeekSteps week={week} href={href} />}
      />
      <div className="space-y-6">
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <Choice
            label="Show by"
            options={['worker', 'remote'].map((by) => ({ text: by, href: href({ by }), here: by === query.by }))}
          />
          {zones.length > 1 && (
            <Choice
              label="Time zone"
              options={zones.map((name) => ({ text: name, href: href({ zone: name }), here: name === zone }))}
            />
          )}
        </div>
        {isCut && <Notice title="More runs are planned than are shown here">The first ones are shown.</Notice>}
        {runs.length === 0 ? (
          <Card>
            <EmptyState icon={<CalendarDays aria-hidden />} title="Nothing more is planned in this week">
              Plans that are paused are left out, and runs that are over.
            </EmptyState>
          </Card>
        ) : (
          <>
            <Card title={query.by === 'worker' ? 'Workers' : 'Remotes'} description={assumedWords(unknown)}>
              <LaneTable week={week} runs={runs} collisions={collisions} by={query.by} timeZone={zone} />
            </Card>
            <CollisionList collisions={collisions} timeZone={zone} />
            <RunsByDay week={week} runs={runs} timeZone={zone} />
          </>
        )}
      </div>
    </>
  )
}

function WeekSteps({ week, href }: { week: Week; href: (changes: Record<string, string>) => string }) {
  return (
    <>
      <Button asChild size="icon" aria-label="The week before">
        <Link href={href({ week: week.previous })}>
          <ChevronLeft aria-hidden />
        </Link>
      </Button>
      <Button asChild>
        <Link href={href({ week: '' })}>This week</Link>
      </Button>
      <Button asChild size="icon" aria-label="The week after">
        <Link href={href({ week: week.next })}>
          <ChevronRight aria-hidden />
        </Link>
      </Button>
    </>
  )
}

function Choice({ label, options }: { label: string; options: { text: string; href: string; here: boolean }[] }) {
  return (
    <nav aria-label={label} className="flex flex-wrap items-center gap-2 text-sm">
      <span className="text-muted">{label}</span>
      {options.map(({ text, href, here }) => (
        <Button key={text} asChild size="sm" variant={here ? 'primary' : 'secondary'}>
          <Link href={href} aria-current={here ? 'true' : undefined}>
            {text}
          </Link>
        </Button>
      ))}
    </nav>
  )
}

/** The most used first. */
function zonesOf(zones: string[]): string[] {
  const counts = new Map<string, number>()
  for (const zone of zones) counts.set(zone, (counts.get(zone) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a).map(([zone]) => zone)
}

function isZone(zone: string): boolean {
  try {
    assertTimeZone(zone)
    return true
  } catch {
    return false
  }
}

function weekWords({ from, until }: Week, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short', year: 'numeric' })
  return format.formatRange(from, new Date(until.getTime() - 1))
}

function assumedWords(unknown: string[]): string | undefined {
  if (unknown.length === 0) return undefined
  const some = unknown.slice(0, 5).join(', ') + (unknown.length > 5 ? ', …' : '')
  return `Half an hour is assumed where nothing is known yet: ${some}.`
}
