import { Trash2 } from 'lucide-react'
import type { Metadata } from 'next'
import { deleteChannelAction, updateChannelAction } from '@/app/(admin)/alerts/actions'
import { ChannelForm } from '@/app/(admin)/alerts/channel-form'
import { channelKindNames } from '@/app/(admin)/alerts/kind-names'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { PageHeader } from '@/components/ui/page-header'
import { getChannel } from '@/core/channels/get-channel'
import { listDeliveries } from '@/core/deliveries/list-deliveries'
import { previewMessages } from '@/core/deliveries/preview-messages'
import { listInstanceChoices } from '@/core/instances/list-instance-choices'
import { DeliveriesTable } from './deliveries-table'

export const metadata: Metadata = { title: 'Channel' }

export default async function ChannelPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { id } = await params
  const channel = await orNotFound(getChannel(id))
  const deliveries = await listDeliveries(id)
  const isAdministrator = may(actor, 'administer')
  return (
    <>
      <PageHeader
        title={channel.name}
        breadcrumbs={[{ label: 'Alerts', href: '/alerts' }]}
        badge={channel.paused ? <Badge>paused</Badge> : channel.failingSince && <Badge tone="bad">failing</Badge>}
        description={`${channelKindNames[channel.kind]}: ${channel.settings.place ?? ''}`}
        actions={
          isAdministrator && (
            <ConfirmButton
              action={deleteChannelAction}
              values={{ id }}
              title={`Remove “${channel.name}”?`}
              question="Nobody is told through it any more, and its log of messages goes with it."
              confirmLabel="Remove channel"
              danger
            >
              <Trash2 aria-hidden />
              Remove
            </ConfirmButton>
          )
        }
      />
      <div className="space-y-6">
        <Card title="Messages" description="What was sent, and what the other side said." flush>
          {deliveries.length === 0 ? (
            <p className="px-5 py-4 text-muted text-sm">None yet.</p>
          ) : (
            <DeliveriesTable deliveries={deliveries} />
          )}
        </Card>
        {isAdministrator && (
          <ChannelForm
            action={updateChannelAction}
            saved={channel}
            instances={await listInstanceChoices()}
            timeZones={timeZones()}
            preview={previewMessages()}
          />
        )}
      </div>
    </>
  )
}
