import { EventsTable } from '@/app/(admin)/audit/events-table'
import { Card } from '@/components/ui/card'
import type { AuditListItem } from '@/core/audit/list-audit-events'

/** Who did what to this backup, and restored from it. */
export function EventsCard({ events }: { events: Omit<AuditListItem, 'instance'>[] }) {
  return (
    <Card flush title="Who did what" description="Of this backup and its restores, from the audit log.">
      <EventsTable caption="Audit events of this backup" events={events} />
    </Card>
  )
}
