import { ChevronRight, CircleAlert, CircleCheck, type LucideIcon, TriangleAlert } from 'lucide-react'
import Link from 'next/link'
import { EnvironmentBadge } from '@/components/environment-badge'
import { StatusBadge } from '@/components/status-badge'
import { ClockTime, Time } from '@/components/time'
import { classNames } from '@/components/ui/class-names'
import type { InstanceOverview, Level } from '@/core/instances/overview-rules'

const looks: Record<Level, { word: string; icon: LucideIcon; colour: string; edge: string }> = {
  bad: { word: 'At risk', icon: CircleAlert, colour: 'text-bad bg-bad-soft', edge: 'border-l-bad' },
  warning: {
    word: 'Needs a look',
    icon: TriangleAlert,
    colour: 'text-warning bg-warning-soft',
    edge: 'border-l-warning',
  },
  good: { word: 'Protected', icon: CircleCheck, colour: 'text-good bg-good-soft', edge: 'border-l-good' },
}

/** How one instance stands: in a word, when it was last saved, when it will be, and what is wrong. */
export function InstanceLine({ instance }: { instance: InstanceOverview }) {
  const { word, icon: Icon, colour, edge } = looks[instance.level]
  return (
    <li
      data-level={instance.level}
      className={classNames('rounded-xl border border-border border-l-4 bg-surface px-5 py-4 shadow-xs', edge)}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <span className={classNames('flex size-9 shrink-0 items-center justify-center rounded-full', colour)}>
          <Icon className="size-5" aria-hidden />
        </span>
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2 className="min-w-0 break-words font-semibold text-base">
              <Link href={`/instances/${instance.slug}`} className="rounded-sm hover:underline">
                {instance.name}
              </Link>
            </h2>
            <EnvironmentBadge environment={instance.environment} />
          </div>
          <p className="text-muted text-sm">
            <span className={classNames('font-medium', colour.split(' ')[0])}>{word}</span>
            {' · '}
            <LastGood instance={instance} />
            {instance.nextRunAt && (
              <>
                {' · next '}
                <ClockTime at={instance.nextRunAt} />, <Time at={instance.nextRunAt} />
              </>
            )}
          </p>
        </div>
        {instance.running && (
          <Link href={`/backups/${instance.running.id}`} className="rounded-full">
            <StatusBadge state={instance.running.state} />
            <span className="sr-only">: watch this backup</span>
          </Link>
        )}
      </div>
      {instance.findings.length > 0 && (
        <ul className="mt-3 space-y-1 border-border border-t pt-3">
          {instance.findings.slice(0, 8).map((finding) => (
            <li key={finding.text}>
              <Link
                href={finding.href}
                className="group -mx-2 flex items-start gap-2 rounded-lg px-2 py-1 text-sm hover:bg-surface-muted"
              >
                <FindingIcon level={finding.level} />
                <span className="line-clamp-3 min-w-0 flex-1 break-words">{finding.text}</span>
                <ChevronRight className="mt-0.5 size-4 shrink-0 text-muted" aria-hidden />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function FindingIcon({ level }: { level: Level }) {
  const { icon: Icon, colour } = looks[level]
  return <Icon className={classNames('mt-0.5 size-4 shrink-0', colour.split(' ')[0])} aria-hidden />
}

const verifiedWords = {
  none: 'not verified',
  uploaded: 'verified',
  readBack: 'verified by reading back',
  drilled: 'verified by a restore',
} as const

function LastGood({ instance: { lastGood, planCount } }: { instance: InstanceOverview }) {
  if (lastGood)
    return (
      <>
        last good backup <Time at={lastGood.finishedAt} />, {verifiedWords[lastGood.verification]},{' '}
        <Link href={`/backups/${lastGood.id}`} className="rounded-sm underline underline-offset-4">
          restorable
        </Link>
        {lastGood.withWarnings && ', with warnings'}
      </>
    )
  return planCount > 1 ? 'not every plan has a good backup' : 'no good backup yet'
}
