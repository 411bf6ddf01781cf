import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { RestoreDetail } from '@/core/restores/get-restore'
import { olderPathOf } from '@/core/restores/older-file'
import { olderWords } from '@/core/restores/older-words'
import { WhatList } from './what-list'

/** When, by whom, what, why. */
export function RestoreFacts({ restore }: { restore: RestoreDetail }) {
  const { startedAt, finishedAt, olderFile } = restore
  const origin = restore.backup?.instance ?? olderFile?.instance
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
        {origin && origin.slug !== restore.instance.slug && (
          <Fact label="Into another instance">
            of {origin.name}, into {restore.instance.name}
          </Fact>
        )}
        {olderFile && (
          <>
            <Fact label="File of the older scripts">
              <span className="break-all font-mono text-xs">{olderPathOf(olderFile)}</span>,{' '}
              {olderWords(olderFile).holds}, {formatBytes(olderFile.bytes)}
            </Fact>
            <Fact label="Can be verified">{olderWords(olderFile).verified}</Fact>
            {olderWords(olderFile).neverHeld && <Fact label="Missing">{olderWords(olderFile).neverHeld}</Fact>}
            <Fact label="Left out">Entries that were refused or stripped stand in the log, one by one.</Fact>
          </>
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
