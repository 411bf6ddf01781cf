'use client'

import { Trash2 } from 'lucide-react'
import { ActionButton } from '@/components/form/action-button'
import { ActionForm } from '@/components/form/action-form'
import { SelectField, TextField } from '@/components/form/fields'
import { SubmitButton } from '@/components/form/submit-button'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { PingListItem } from '@/core/pings/list-pings'
import { deletePingAction, savePingAction } from './ping-actions'

/** Addresses elsewhere that hear of each run, so that silence is noticed there. */
export function PingsCard({
  pings,
  plans,
  mayEdit,
}: {
  pings: PingListItem[]
  plans: { id: string; label: string }[]
  mayEdit: boolean
}) {
  return (
    <Card
      title="Who watches Talekeeper"
      description="An address at Healthchecks or the like hears of each run of a plan, or of control each minute, and raises an alarm when it hears nothing."
      flush={pings.length > 0}
    >
      {pings.length > 0 && (
        <Table caption="Outward pings">
          <TableHead>
            <TableHeader>Of</TableHeader>
            <TableHeader>Where to</TableHeader>
            <TableHeader>Last told</TableHeader>
            <TableHeader>Answer</TableHeader>
            {mayEdit && <TableHeader>Remove</TableHeader>}
          </TableHead>
          <TableBody>
            {pings.map(({ id, plan, place, toldAt, answer, failingSince }) => (
              <TableRow key={id}>
                <TableCell label="Of">{plan?.label ?? 'control'}</TableCell>
                <TableCell label="Where to">{place}</TableCell>
                <TableCell label="Last told">{toldAt ? <Time at={toldAt} /> : 'never'}</TableCell>
                <TableCell label="Answer">
                  <span className="flex flex-wrap items-center gap-2">
                    {failingSince && <Badge tone="bad">not taken</Badge>}
                    <span className="line-clamp-2 break-words text-muted text-xs">{answer ?? '–'}</span>
                  </span>
                </TableCell>
                {mayEdit && (
                  <TableCell>
                    <ActionButton
                      action={deletePingAction}
                      values={{ id }}
                      size="icon-sm"
                      aria-label="Remove this ping"
                    >
                      <Trash2 aria-hidden />
                    </ActionButton>
                  </TableCell>
                )}
              </TableRow>
            ))}
          </TableBody>
        </Table>
      )}
      {mayEdit && (
        <ActionForm action={savePingAction} className={pings.length > 0 ? 'border-border border-t p-5' : ''}>
          <div className="grid items-end gap-4 sm:grid-cols-[14rem_minmax(0,1fr)_auto]">
            <SelectField
              name="planId"
              label="Of"
              options={[
                { value: '', label: 'control itself' },
                ...plans.map(({ id, label }) => ({ value: id, label })),
              ]}
            />
            <TextField
              name="url"
              label="Address"
              placeholder="https://hc-ping.com/…"
              inputMode="url"
              spellCheck={false}
            />
            <SubmitButton variant="secondary">Set</SubmitButton>
          </div>
        </ActionForm>
      )}
    </Card>
  )
}
