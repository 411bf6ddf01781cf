'use client'

import { TextField } from '@/components/form/fields'
import { Card } from '@/components/ui/card'
import type { Backend, RemoteLimits } from '@/protocol/remotes'

/** What providers ask for; a new remote begins with it. Box: 1,000 calls a minute and user; Drive: some ten a second. */
const usualCalls: Partial<Record<Backend, string>> = { box: '12', drive: '10' }
const mebibyte = 1024 * 1024

/** What the remote, or its owner, can bear. `saved` absent: it is a new one. */
export function LimitFields({ backend, saved }: { backend: Backend; saved?: RemoteLimits | null | undefined }) {
  const usual = saved === undefined ? usualCalls[backend] : undefined
  const text = (value: number | null | undefined) => (value === null || value === undefined ? undefined : String(value))
  const part = saved?.largestPartBytes
  return (
    <Card
      title="Limits"
      description="Empty fields mean no limit. They hold for every worker by itself, besides the limits of a plan."
    >
      <div className="space-y-5">
        <TextField
          name="limitBandwidth"
          label="Bandwidth"
          optional
          defaultValue={saved?.bandwidth ?? undefined}
          placeholder="08:00,2M 19:00,20M 23:00,off"
          spellCheck={false}
          description="A rate a second for all day (10M), or a timetable by the worker’s clock. Upload and download may differ: 10M:50M. Mon-08:00 is of one day."
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            name="limitTransfers"
            label="Transfers at once"
            optional
            inputMode="numeric"
            defaultValue={text(saved?.transfers)}
            placeholder="2"
          />
          <TextField
            name="limitCalls"
            label="API calls per second"
            optional
            inputMode="decimal"
            defaultValue={text(saved?.callsPerSecond) ?? usual}
          />
          <TextField
            name="limitAttempts"
            label="Attempts"
            optional
            inputMode="numeric"
            defaultValue={text(saved?.attempts)}
            placeholder="10"
            description="How often a call is tried in all before a run fails."
          />
          <TextField
            name="limitPartMebibytes"
            label="Largest part (MiB)"
            optional
            inputMode="numeric"
            defaultValue={text(part === null || part === undefined ? part : part / mebibyte)}
            description="Parts of a plan become smaller where they would be larger. What the account’s type allows is known by itself."
          />
        </div>
      </div>
    </Card>
  )
}
