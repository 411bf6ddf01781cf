import type { Metadata } from 'next'
import { ConnectionStateBadge } from '@/app/(admin)/connections/state-badge'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { PageHeader } from '@/components/ui/page-header'
import { Notice } from '@/components/ui/notice'
import { ProblemAlert } from '@/components/ui/problem-alert'
import { connectProblems } from '@/core/connections/connect-problems'
import { type ConnectionDetail, getConnection, getVisitProblem } from '@/core/connections/get-connection'
import { AccountCard } from './account-card'
import { ConnectCards } from './connect-cards'
import { EndCards } from './end-cards'
import { SettingsCard } from './settings-card'
import { UsersCard } from './users-card'

export const metadata: Metadata = { title: 'Connection' }

export default async function ConnectionPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>
  searchParams: Promise<{ visit?: string }>
}) {
  const actor = await authorizePage('view')
  const connection = await orNotFound(getConnection((await params).id))
  const { visit } = await searchParams
  const administers = may(actor, 'administer')
  return (
    <>
      <PageHeader
        title={connection.name}
        breadcrumbs={[{ label: 'Connections', href: '/connections' }]}
        badge={<ConnectionStateBadge state={connection.state} hasProblem={connection.problem !== null} />}
        description={connection.guide.name}
      />
      <div className="max-w-3xl space-y-6">
        {visit && <Visit connection={connection} visit={visit} />}
        {connection.problem && <ProblemAlert problem={connection.problem} />}
        <AccountCard connection={connection} administers={administers} />
        {administers && <ConnectCards connection={connection} />}
        <UsersCard connection={connection} />
        {administers && (
          <>
            {connection.method !== 'service' && <SettingsCard connection={connection} />}
            <EndCards connection={connection} />
          </>
        )}
      </div>
    </>
  )
}

/** How the visit to the provider went that the browser comes from. */
async function Visit({ connection, visit }: { connection: ConnectionDetail; visit: string }) {
  if (visit === 'replayed') return <ProblemAlert problem={connectProblems.replayed} />
  const problem = await getVisitProblem(connection.id, visit)
  if (problem) return <ProblemAlert problem={problem} />
  if (connection.state !== 'connected') return null
  return (
    <Notice tone="good" title="Connected">
      <p>
        {connection.guide.name} knows this dashboard as {connection.account?.login || connection.account?.name}. Remotes
        can use it now.
      </p>
    </Notice>
  )
}
