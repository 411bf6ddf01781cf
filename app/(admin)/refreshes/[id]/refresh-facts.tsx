import Link from 'next/link'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { describeCron } from '@/core/plans/schedule'
import type { RefreshDetail } from '@/core/refreshes/get-refresh'

/** What is restored, where, when, and by whom it was made. */
export function RefreshFacts({ refresh }: { refresh: RefreshDetail }) {
  const { plan, instance, cron, timeZone, nextAt, what } = refresh
  const link = 'underline underline-offset-4'
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Takes">
          the newest good backup of{' '}
          {plan ? (
            <Link href={`/plans/${plan.id}`} className={link}>
              {plan.name} of {plan.instanceName}
            </Link>
          ) : (
            'a plan that was deleted'
          )}
        </Fact>
        <Fact label="Restores">{what.join(', ')}</Fact>
        <Fact label="Into">
          <Link href={`/instances/${instance.slug}`} className={link}>
            {instance.name}
          </Link>{' '}
          ({instance.environment}), in place
        </Fact>
        <Fact label="When">
          {describeCron(cron)}, {timeZone}
        </Fact>
        <Fact label="Next">{nextAt ? <Time at={nextAt} /> : 'paused'}</Fact>
        <Fact label="Fix-ups">
          {refresh.appliesFixUps ? (
            <Link href={`/instances/${instance.slug}/fix-ups`} className={link}>
              as they are then
            </Link>
          ) : (
            'none'
          )}
        </Fact>
        <Fact label="Safety backup">
          {refresh.makesSafety ? 'before each run' : 'none: what is kept beside is the safety'}
        </Fact>
        <Fact label="Made">
          <Time at={refresh.createdAt} />
          {refresh.createdBy && ` by ${refresh.createdBy}, with whose rights it restores`}
        </Fact>
      </FactList>
    </Card>
  )
}
