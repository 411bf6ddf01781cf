import type { Metadata } from 'next'
import { createChannelAction } from '@/app/(admin)/alerts/actions'
import { ChannelForm } from '@/app/(admin)/alerts/channel-form'
import { timeZones } from '@/app/(admin)/plans/time-zones'
import { authorizePage } from '@/app/authorize-page'
import { PageHeader } from '@/components/ui/page-header'
import { previewMessages } from '@/core/deliveries/preview-messages'
import { listInstanceChoices } from '@/core/instances/list-instance-choices'

export const metadata: Metadata = { title: 'Add channel' }

export default async function NewChannelPage() {
  await authorizePage('administer')
  return (
    <>
      <PageHeader title="Add channel" breadcrumbs={[{ label: 'Alerts', href: '/alerts' }]} />
      <ChannelForm
        action={createChannelAction}
        instances={await listInstanceChoices()}
        timeZones={timeZones()}
        preview={previewMessages()}
      />
    </>
  )
}
