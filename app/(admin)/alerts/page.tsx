import { BellRing, Plus } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import { type ChannelListItem, listChannels } from '@/core/channels/list-channels'
import { listPings } from '@/core/pings/list-pings'
import { channelKindNames } from './kind-names'
import { PingsCard } from './pings-card'

export const metadata: Metadata = { title: 'Alerts' }

export default async function AlertsPage() {
  const actor = await authorizePage('view')
  const [channels, { pings, plans }] = await Promise.all([listChannels(), listPings()])
  const add = may(actor, 'administer') && (
    <Button asChild variant="primary">
      <Link href="/alerts/new">
        <Plus aria-hidden />
        Add channel
      </Link>
    </Button>
  )
  return (
    <>
      <PageHeader
        title="Alerts"
        description="Who is told of incidents, how, and of which. Each change is told once; reminders come with growing gaps."
        actions={channels.length > 0 && add}
      />
      <Card flush className="mb-6">
        {channels.length === 0 ? (
          <EmptyState icon={<BellRing aria-hidden />} title="Nobody is told yet" action={add}>
            A channel is a list of mail addresses, a room in Slack, Mattermost, Teams or Matrix, a webhook, or a topic
            of ntfy.
          </EmptyState>
        ) : (
          <ChannelsTable channels={channels} />
        )}
      </Card>
      <PingsCard pings={pings} plans={plans} mayEdit={may(actor, 'administer')} />
    </>
  )
}

const severityWords = { critical: 'critical only', warning: 'warnings and critical', notice: 'everything' }

function ChannelsTable({ channels }: { channels: ChannelListItem[] }) {
  return (
    <Table caption="Channels">
      <TableHead>
        <TableHeader>Name</TableHeader>
        <TableHeader>Kind</TableHeader>
        <TableHeader>Where to</TableHeader>
        <TableHeader>Told of</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Last message</TableHeader>
      </TableHead>
      <TableBody>
        {channels.map((channel) => (
          <TableRow key={channel.id}>
            <TableCell>
              <Link href={`/alerts/${channel.id}`} className="font-medium hover:underline">
                {channel.name}
              </Link>
            </TableCell>
            <TableCell label="Kind" className="whitespace-nowrap">
              {channelKindNames[channel.kind]}
            </TableCell>
            <TableCell label="Where to">
              <span className="line-clamp-2 break-all text-xs">{channel.place}</span>
            </TableCell>
            <TableCell label="Told of">{severityWords[channel.severity]}</TableCell>
            <TableCell label="State">
              <ChannelState channel={channel} />
            </TableCell>
            <TableCell label="Last message">
              {channel.latest?.attemptedAt ? <Time at={channel.latest.attemptedAt} /> : 'none yet'}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function ChannelState({ channel: { paused, failingSince, waiting } }: { channel: ChannelListItem }) {
  if (paused) return <Badge>paused</Badge>
  if (failingSince) return <Badge tone="bad">failing, {waiting} wait</Badge>
  return <Badge tone="good">{waiting > 0 ? `${waiting} wait` : 'works'}</Badge>
}
