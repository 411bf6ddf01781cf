import { ArrowRight } from 'lucide-react'
import type { Metadata } from 'next'
import Link from 'next/link'
import { stateOf } from '@/app/(admin)/incidents/words'
import { EventsTable } from '@/app/(admin)/audit/events-table'
import { authorizePage } from '@/app/authorize-page'
import { may } from '@/app/may'
import { orNotFound } from '@/app/or-not-found'
import { formatDuration } from '@/components/format-time'
import { SeverityBadge } from '@/components/severity-badge'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { listEventsOf } from '@/core/audit/list-events-of'
import { getIncident } from '@/core/incidents/get-incident'
import { kindInWords } from '@/core/incidents/kind-rules'
import { AcknowledgeForm } from './acknowledge-form'
import { MessagesTable } from './messages-table'

export const metadata: Metadata = { title: 'Incident' }

export default async function IncidentPage({ params }: { params: Promise<{ id: string }> }) {
  const actor = await authorizePage('view')
  const { id } = await params
  const incident = await orNotFound(getIncident(id))
  const events = await listEventsOf([id])
  const { closedAt, openedAt, acknowledgement, acknowledgedAt, quietUntil, messages } = incident
  return (
    <>
      <PageHeader
        title={incident.title}
        breadcrumbs={[{ label: 'Incidents', href: '/incidents' }]}
        badge={
          <>
            <SeverityBadge severity={incident.severity} />
            <Badge tone={closedAt ? 'good' : 'bad'}>{stateOf(incident)}</Badge>
          </>
        }
        actions={
          <Button asChild variant={closedAt ? 'secondary' : 'primary'}>
            <Link href={incident.href}>
              Go there
              <ArrowRight aria-hidden />
            </Link>
          </Button>
        }
      />
      <div className="space-y-6">
        <Card>
          <div className="space-y-5">
            <div className="space-y-3 text-sm">
              <p className="break-words text-base">{incident.text}</p>
              <p className="break-words">{incident.meaning}</p>
              {!closedAt && (
                <p className="break-words">
                  <span className="font-semibold">What to do: </span>
                  {incident.action}
                </p>
              )}
            </div>
            <FactList>
              <Fact label="Kind">{kindInWords(incident.kind)}</Fact>
              <Fact label="Since">
                <Time at={openedAt} />
              </Fact>
              {closedAt && (
                <Fact label="Over">
                  <Time at={closedAt} /> after {formatDuration((closedAt.getTime() - openedAt.getTime()) / 1000)}
                </Fact>
              )}
              <Fact label="Instances">
                {incident.instances.length === 0
                  ? 'all'
                  : incident.instances.map(({ slug, name }) => (
                      <Link key={slug} href={`/instances/${slug}`} className="mr-3 hover:underline">
                        {name}
                      </Link>
                    ))}
              </Fact>
              {incident.returns > 0 && <Fact label="Came back">{incident.returns} times</Fact>}
              {incident.reminders > 0 && <Fact label="Reminders">{incident.reminders}</Fact>}
            </FactList>
          </div>
        </Card>
        {!closedAt && (
          <Card title="Taken on" description="Whoever looks after it says so, and reminders stay away meanwhile.">
            <div className="space-y-4">
              {acknowledgedAt && (
                <Notice>
                  <p className="text-text">{acknowledgement}</p>
                  <p>
                    {incident.acknowledgedBy ?? 'Somebody'}, <Time at={acknowledgedAt} />
                    {quietUntil && (
                      <>
                        ; no reminders until <Time at={quietUntil} />
                      </>
                    )}
                  </p>
                </Notice>
              )}
              {may(actor, 'operate') && <AcknowledgeForm id={id} isAcknowledged={acknowledgedAt !== null} />}
            </div>
          </Card>
        )}
        <Card title="Who was told" flush>
          {messages.length === 0 ? (
            <p className="px-5 py-4 text-muted text-sm">No channel was told of it.</p>
          ) : (
            <MessagesTable messages={messages} />
          )}
        </Card>
        {events.length > 0 && (
          <Card title="What people did" flush>
            <EventsTable caption="What people did" events={events} />
          </Card>
        )}
      </div>
    </>
  )
}
