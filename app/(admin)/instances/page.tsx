import { Plus, Server } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { EnvironmentBadge } from '@/components/environment-badge'
import { Loaded } from '@/components/loading/loaded'
import { LivePage } from '@/components/live/live-page'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { listInstances } from '@/core/instances/list-instances'
import { readLiveState } from '@/core/live/read-live-state'
import { InstancesSkeleton, instancesDescription } from './instances-skeleton'

export const metadata: Metadata = { title: 'Instances' }

export default async function InstancesPage() {
  await authorizePage('view')
  return <Loaded skeleton={<InstancesSkeleton />}>{drawInstances()}</Loaded>
}

async function drawInstances() {
  const { version } = await readLiveState()
  const instances = await listInstances()
  const register = (
    <Button asChild variant="primary">
      <Link href="/instances/new">
        <Plus aria-hidden />
        Register an instance
      </Link>
    </Button>
  )
  return (
    <>
      <PageHeader title="Instances" description={instancesDescription} actions={instances.length > 0 && register} />
      <LivePage version={version} />
      <Card flush>
        {instances.length === 0 ? (
          <EmptyState icon={<Server aria-hidden />} title="No instance yet" action={register}>
            An instance is one Whole Tale deployment, such as wt-prod. Workers, sources and plans hang on it.
          </EmptyState>
        ) : (
          <Table caption="Instances">
            <TableHead>
              <TableHeader>Instance</TableHeader>
              <TableHeader>Environment</TableHeader>
              <TableHeader className="text-right">Workers</TableHeader>
              <TableHeader className="text-right">Sources</TableHeader>
              <TableHeader className="text-right">Plans</TableHeader>
              <TableHeader className="text-right">Backups</TableHeader>
            </TableHead>
            <TableBody>
              {instances.map((instance) => (
                <TableRow key={instance.slug}>
                  <TableCell>
                    <div className="min-w-0">
                      <Link
                        href={`/instances/${instance.slug}`}
                        className="break-words rounded-sm font-medium hover:underline"
                      >
                        <bdi>{instance.name}</bdi>
                      </Link>
                      <div className="font-mono text-muted text-xs">{instance.slug}</div>
                    </div>
                  </TableCell>
                  <TableCell label="Environment">
                    <EnvironmentBadge environment={instance.environment} />
                  </TableCell>
                  <TableCell label="Workers" className="text-right tabular-nums">
                    {instance.workers}
                  </TableCell>
                  <TableCell label="Sources" className="text-right tabular-nums">
                    {instance.sources}
                  </TableCell>
                  <TableCell label="Plans" className="text-right tabular-nums">
                    {instance.plans}
                  </TableCell>
                  <TableCell label="Backups" className="text-right tabular-nums">
                    {instance.backups}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </Card>
    </>
  )
}
