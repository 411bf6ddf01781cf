import Link from 'next/link'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { IncidentMessage } from '@/core/incidents/get-incident'

export function MessagesTable({ messages }: { messages: IncidentMessage[] }) {
  return (
    <Table caption="Who was told">
      <TableHead>
        <TableHeader>When</TableHeader>
        <TableHeader>Channel</TableHeader>
        <TableHeader>That it</TableHeader>
        <TableHeader>State</TableHeader>
        <TableHeader>Answer</TableHeader>
      </TableHead>
      <TableBody>
        {messages.map(({ id, channel, change, state, at, attempts, answer }) => (
          <TableRow key={id}>
            <TableCell label="When">
              <Time at={at} />
            </TableCell>
            <TableCell label="Channel">
              <Link href={`/alerts/${channel.id}`} className="hover:underline">
                {channel.name}
              </Link>
            </TableCell>
            <TableCell label="That it">{changeWords[change]}</TableCell>
            <TableCell label="State">
              <Badge tone={state === 'sent' ? 'good' : state === 'failed' ? 'bad' : 'idle'}>
                {state === 'waiting' && attempts > 0 ? `waiting, tried ${attempts} times` : state}
              </Badge>
            </TableCell>
            <TableCell label="Answer">
              <span className="line-clamp-2 break-words text-muted text-xs">{answer ?? '–'}</span>
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

const changeWords = {
  opened: 'opened',
  worsened: 'got worse',
  returned: 'came back',
  reminded: 'is still so',
  closed: 'is over',
}
