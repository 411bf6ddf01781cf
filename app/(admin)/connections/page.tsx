import { Plus, PlugZap } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { Time } from '@/components/time'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { connectProblems } from '@/core/connections/connect-problems'
import { type ConnectionListItem, listConnections } from '@/core/connections/list-connections'
import { ConnectionStateBadge } from './state-badge'

export const metadata: Metadata = { title: 'Connections' }

export default async function ConnectionsPage({ searchParams }: { searchParams: Promise<{ visit?: string }> }) {
  const actor = await authorizePage('view')
  const connections = await listConnections()
  const add = may(actor, 'administer') && (
    <Button asChild variant="primary">
      <Link href="/connections/new">
        <Plus aria-hidden />
        Add connection
      </Link>
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Connections"
        description="Accounts at Box, Google Drive, Dropbox and OneDrive. The sign-in stays here; workers get access for one run at a time."
        actions={connections.length > 0 && add}
      />
      <div className="space-y-6">
        {(await searchParams).visit === 'unknown' && <ProblemAlert problem={connectProblems.unknownVisit} />}
        <Card flush>
          {connections.length === 0 ? (
            <EmptyState icon={<PlugZap aria-hidden />} title="No connection yet" action={add}>
              A connection is an account at a provider of storage. Remotes of that provider use it.
            </EmptyState>
          ) : (
            <ConnectionsTable connections={connections} />
          )}
        </Card>
      </div>
    </>
  )
}

function ConnectionsTable({ connections }: { connections: ConnectionListItem[] }) {
  return (
    <Table caption="Connections">
      <TableHead>
        <TableHeader>Name</TableHeader>
        <TableHeader>Provider</TableHeader>
        <TableHeader>Account</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Refreshed</TableHeader>
        <TableHeader>Remotes</TableHeader>
      </TableHead>
      <TableBody>
        {connections.map(({ id, name, provider, account, state, hasProblem, refreshedAt, remotes }) => (
          <TableRow key={id}>
            <TableCell>
              <Link href={`/connections/${id}`} className="font-medium hover:underline">
                {name}
              </Link>
            </TableCell>
            <TableCell label="Provider" className="whitespace-nowrap">
              {provider}
            </TableCell>
            <TableCell label="Account">
              <span className="break-all">{account ?? '–'}</span>
            </TableCell>
            <TableCell label="State">
              <ConnectionStateBadge state={state} hasProblem={hasProblem} />
            </TableCell>
            <TableCell label="Refreshed">{refreshedAt ? <Time at={refreshedAt} /> : '–'}</TableCell>
            <TableCell label="Remotes" className="tabular-nums">
              {remotes}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
