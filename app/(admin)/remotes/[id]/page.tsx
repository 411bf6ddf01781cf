import type { Metadata } from 'next'
import Link from 'next/link'
import { deleteRemoteAction, updateRemoteAction } from '@/app/(admin)/remotes/actions'
import { backendNames } from '@/app/(admin)/remotes/backend-names'
import { connectionStateWords } from '@/app/(admin)/remotes/connection-state-words'
import { RemoteForm } from '@/app/(admin)/remotes/remote-form'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { PageHeader } from '@/components/ui/page-header'
import { getRemote, type RemoteDetail } from '@/core/remotes/get-remote'
import { listConnectionChoices } from '@/core/remotes/list-connection-choices'
import { listTestWorkers } from '@/core/remotes/list-test-workers'
import { CostCard } from './cost-card'
import { ExposureCard } from './exposure-card'
import { LooksCards } from './looks-cards'
import { RoomFact } from './room-fact'

export const metadata: Metadata = { title: 'Remote' }

export default async function RemotePage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const remote = await orNotFound(getRemote((await params).id))
  return (
    <>
      <PageHeader
        title={remote.name}
        breadcrumbs={[{ label: 'Remotes', href: '/remotes' }]}
        description={backendNames[remote.backend]}
      />
      <div className="space-y-6">
        <Summary remote={remote} />
        <CostCard remoteId={remote.id} />
        <ExposureCard remoteId={remote.id} />
        <LooksCards remoteId={remote.id} operates={may(actor, 'operate')} administers={may(actor, 'administer')} />
        {may(actor, 'administer') && <Administration remote={remote} />}
      </div>
    </>
  )
}

function Summary({ remote }: { remote: RemoteDetail }) {
  return (
    <Card className="max-w-3xl">
      <FactList>
        <Fact label="Place">
          <span className="break-all font-mono text-xs">{remote.address}</span>
        </Fact>
        {remote.connection && (
          <Fact label="Connection">
            <Link href={`/connections/${remote.connection.id}`} className="underline-offset-4 hover:underline">
              {remote.connection.name}
            </Link>
            {remote.connection.state !== 'connected' && (
              <span className="ml-2">
                <Badge tone="bad">{connectionStateWords[remote.connection.state]}</Badge>
              </span>
            )}
          </Fact>
        )}
        {remote.connection && <RoomFact connectionId={remote.connection.id} />}
        {remote.encryption && (
          <Fact label="Encryption">
            {remote.encryption.names ? 'Content and names' : 'Content; names are readable'}, by rclone’s crypt. Its
            passwords are in the text that was saved when the remote was made.
          </Fact>
        )}
        {remote.backend === 'box' && (
          <Fact label="Deleted backups">
            {remote.deletesForEver
              ? 'Gone for ever: they are taken out of Box’s trash too.'
              : 'Stay in Box’s trash, and count against the quota, until Box removes them.'}
          </Fact>
        )}
        <Fact label="Slug">{remote.slug}</Fact>
        <Fact label="Used by">
          {remote.plans.length === 0
            ? 'No plan'
            : remote.plans.map((plan) => (
                <Link
                  key={plan.id}
                  href={`/plans/${plan.id}`}
                  className="block py-0.5 underline-offset-4 hover:underline"
                >
                  {plan.name} ({plan.instance})
                </Link>
              ))}
        </Fact>
      </FactList>
    </Card>
  )
}

async function Administration({ remote }: { remote: RemoteDetail }) {
  const inUse = remote.plans.length > 0 || remote.copies > 0
  const [workers, connections] = await Promise.all([listTestWorkers(), listConnectionChoices()])
  return (
    <>
      <RemoteForm
        action={updateRemoteAction}
        saved={{ ...remote, inUse: remote.copies > 0 }}
        workers={workers}
        connections={connections}
      />
      <Card
        className="max-w-3xl"
        title="Remove this remote"
        description={
          inUse
            ? 'Not possible while plans write to it, or backups or their leftovers lie on it.'
            : 'Talekeeper forgets its settings and secrets. Nothing is deleted on the remote itself.'
        }
      >
        <ConfirmButton
          action={deleteRemoteAction}
          values={{ id: remote.id }}
          title={`Remove ${remote.name}?`}
          question="Its settings and secrets are forgotten. Files on the remote stay as they are."
          confirmLabel="Remove remote"
          typedName={remote.slug}
          disabled={inUse}
        >
          Remove remote
        </ConfirmButton>
      </Card>
    </>
  )
}
