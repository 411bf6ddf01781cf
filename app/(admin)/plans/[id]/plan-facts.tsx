import Link from 'next/link'
import { formatBytes } from '@/components/format-bytes'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { describeBlackout } from '@/core/plans/blackouts'
import type { PlanDetail } from '@/core/plans/get-plan'
import { describeRetention } from '@/core/plans/retention-words'

const checkWords = {
  hash: 'the remote’s checksum, else read back',
  'read back': 'every part read back',
  size: 'size only',
} as const

const kindWords = { mongodb: 'MongoDB', tree: 'directory tree', config: 'configuration' } as const

/** What, where to, how long and how. */
export function PlanFacts({ plan }: { plan: PlanDetail }) {
  const { settings } = plan
  return (
    <Card title="What and where">
      <FactList className="lg:grid-cols-2">
        <Fact label="Sources">
          <ul className="space-y-1.5">
            {plan.sources.map((source) => (
              <li key={source.id} className="flex flex-wrap items-center gap-2">
                {source.slug}
                <Badge>{kindWords[source.kind]}</Badge>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact label="Worker">{[...new Set(plan.sources.map((source) => source.worker.slug))].join(', ')}</Fact>
        {plan.remotes.length === 0 && <Fact label="Remote">none</Fact>}
        {plan.remotes.map((remote, index) => (
          <TargetFact
            key={remote.id}
            remote={remote}
            label={index === 0 ? 'Remote' : 'Copies on'}
            settings={settings}
          />
        ))}
        {(settings.spreadMinutes > 0 || settings.startWindowMinutes !== null) && (
          <Fact label="Runs begin">
            {[
              settings.spreadMinutes > 0 && `up to ${settings.spreadMinutes} min after their time`,
              settings.startWindowMinutes !== null && `within ${settings.startWindowMinutes} min, or are skipped`,
            ]
              .filter(Boolean)
              .join('; ')}
          </Fact>
        )}
        {settings.blackouts.length > 0 && (
          <Fact label="Blackouts">{settings.blackouts.map(describeBlackout).join('; ')}</Fact>
        )}
        <Fact label="Parts">
          {formatBytes(settings.partMebibytes * 1024 * 1024)}, checked by {checkWords[settings.partCheck]}
        </Fact>
        <Fact label="Compression and limits">
          zstd level {settings.zstdLevel}; at most {settings.durationLimitHours} h, {settings.stallLimitMinutes} min
          without progress
          {settings.mebibytesPerSecond !== null && `; ${settings.mebibytesPerSecond} MiB/s`}
        </Fact>
        <Fact label="Watched">
          {[
            `overdue after ${settings.graceMinutes} min`,
            settings.readBackEveryDays !== null && `read back every ${daysInWords(settings.readBackEveryDays)}`,
            settings.drillEveryDays !== null && `restore drill every ${daysInWords(settings.drillEveryDays)}`,
          ]
            .filter(Boolean)
            .join('; ')}
        </Fact>
      </FactList>
    </Card>
  )
}

function daysInWords(days: number): string {
  return days === 1 ? 'day' : `${days} days`
}

function TargetFact({
  remote,
  label,
  settings,
}: {
  remote: PlanDetail['remotes'][number]
  label: string
  settings: PlanDetail['settings']
}) {
  const target = settings.targets.find(({ remoteId }) => remoteId === remote.id)
  return (
    <Fact label={label}>
      <Link href={`/remotes/${remote.id}`} className="underline underline-offset-4">
        {remote.name}
      </Link>
      {target && (
        <span className="block">
          keeps {describeRetention(target)}; never fewer than {target.keepAtLeast}
        </span>
      )}
    </Fact>
  )
}
