import Link from 'next/link'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { MigrationDetail } from '@/core/migrations/get-migration'

/** What the link restores, where, by whom and until when. */
export function MigrationFacts({ migration }: { migration: MigrationDetail }) {
  const { backup, instance, worker, trustedNetworks } = migration
  const link = 'underline underline-offset-4'
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Backup">
          <Link href={`/backups/${backup.id}`} className={link}>
            {backup.planName} of {backup.instanceName}
          </Link>
          , <Time at={backup.at} />
        </Fact>
        <Fact label="Instance">
          <Link href={`/instances/${instance.slug}`} className={link}>
            {instance.name}
          </Link>{' '}
          ({instance.environment})
        </Fact>
        <Fact label="Where to">
          {migration.isInPlace ? 'The same paths and databases' : 'Beside: a new folder and renamed databases'}
          {migration.isInPlace &&
            (migration.mayGoOntoData ? ', also where data stands already' : ', only where nothing stands yet')}
          {!migration.restoresDatabases && '; files only'}
        </Fact>
        <Fact label="Host">{worker ? worker.hostName : 'has not called yet'}</Fact>
        <Fact label="Confirmed by itself">
          {trustedNetworks.length > 0 ? `from ${trustedNetworks.join(', ')}` : 'never: by hand'}
        </Fact>
        <Fact label="Made">
          <Time at={migration.createdAt} />
          {migration.createdBy && ` by ${migration.createdBy}`}
        </Fact>
        <Fact label={migration.isRedeemable ? 'Expires' : 'Expired or withdrawn'}>
          <Time at={migration.expiresAt} />
        </Fact>
        {migration.reason && <Fact label="Reason">{migration.reason}</Fact>}
      </FactList>
    </Card>
  )
}
