import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { PlanPing } from '@/core/pings/get-plan-ping'

const pathWords: Record<string, string> = { '': 'success', '/start': 'start', '/fail': 'failure' }

/** Who else hears of this plan's runs, and what they answered. */
export function PingCard({ ping: { place, failingSince, attempts } }: { ping: PlanPing }) {
  return (
    <Card
      flush={attempts.length > 0}
      title="Outward pings"
      description={`${place} hears of each run, and raises an alarm when it hears nothing.`}
      actions={failingSince && <Badge tone="bad">not taken</Badge>}
    >
      {attempts.length === 0 ? (
        <p className="text-muted text-sm">Nothing was told yet: the next run will be.</p>
      ) : (
        <Table caption="Latest pings of this plan">
          <TableHead>
            <TableHeader>At</TableHeader>
            <TableHeader>Told</TableHeader>
            <TableHeader>Answer</TableHeader>
          </TableHead>
          <TableBody>
            {attempts.map(({ id, at, path, isTaken, answer }) => (
              <TableRow key={id}>
                <TableCell label="At">
                  <Time at={at} />
                </TableCell>
                <TableCell label="Told">{pathWords[path] ?? path}</TableCell>
                <TableCell label="Answer">
                  <span className="flex flex-wrap items-center gap-2">
                    {!isTaken && <Badge tone="bad">not taken</Badge>}
                    <span className="break-words text-muted text-xs">{answer}</span>
                  </span>
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
    </Card>
  )
}
