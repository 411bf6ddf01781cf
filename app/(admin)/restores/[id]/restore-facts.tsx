import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { RestoreDetail } from '@/core/restores/get-restore'
import { WhatList } from './what-list'

/** When, by whom, what, why. */
export function RestoreFacts({ restore }: { restore: RestoreDetail }) {
  const { startedAt, finishedAt } = restore
  return (
    <Card title="Facts">
      <FactList>
        <Fact label="Asked for">
          <Time at={restore.requestedAt} />
          {restore.requestedBy && ` by ${restore.requestedBy}`}
        </Fact>
        {startedAt && finishedAt && (
          <Fact label="Took">{formatDuration((finishedAt.getTime() - startedAt.getTime()) / 1000)}</Fact>
        )}
        <Fact label="What">
          <WhatList what={restore.what} />
        </Fact>
        {restore.backup.instance.slug !== restore.instance.slug && (
          <Fact label="Into another instance">
            of {restore.backup.instance.name}, into {restore.instance.name}
          </Fact>
        )}
        <Fact label="Read from">{restore.remote?.name ?? 'a remote that is gone'}</Fact>
        {restore.tasks.map(
          ({ id, fetched }) =>
            fetched && (
              <Fact key={id} label="Fetched">
                {formatBytes(fetched.bytes)} in {fetched.files.toLocaleString('en-GB')}{' '}
                {fetched.files === 1 ? 'file' : 'files'}
              </Fact>
            ),
        )}
        {restore.reason && <Fact label="Reason">{restore.reason}</Fact>}
      </FactList>
    </Card>
  )
}
