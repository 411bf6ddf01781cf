import Link from 'next/link'
import { formatDuration } from '@/components/format-time'
import { SeverityBadge } from '@/components/severity-badge'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { IncidentListItem } from '@/core/incidents/list-incidents'
import { stateOf } from './words'

export function IncidentsTable({ incidents }: { incidents: IncidentListItem[] }) {
  return (
    <Table caption="Incidents">
      <TableHead>
        <TableHeader>What</TableHeader>
        <TableHeader>Severity</TableHeader>
        <TableHeader>Since</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Lasted</TableHeader>
      </TableHead>
      <TableBody>
        {incidents.map((incident) => (
          <TableRow key={incident.id} data-incident={incident.kind} data-open={incident.closedAt === null}>
            <TableCell>
              <Link href={`/incidents/${incident.id}`} className="break-words font-medium hover:underline">
                {incident.title}
              </Link>
            </TableCell>
            <TableCell label="Severity">
              <SeverityBadge severity={incident.severity} />
            </TableCell>
            <TableCell label="Since">
              <Time at={incident.openedAt} />
            </TableCell>
            <TableCell label="State" className="whitespace-nowrap">
              <Badge tone={incident.closedAt ? (incident.ending === 'recovered' ? 'good' : 'idle') : 'bad'}>
                {stateOf(incident)}
              </Badge>
            </TableCell>
            <TableCell label="Lasted" className="whitespace-nowrap">
              {incident.closedAt
                ? formatDuration((incident.closedAt.getTime() - incident.openedAt.getTime()) / 1000)
                : '–'}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}
