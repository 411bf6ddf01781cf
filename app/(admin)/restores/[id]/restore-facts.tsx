import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import type { RestoreDetail } from '@/core/restores/get-restore'

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
          {restore.artifacts === null ? (
            'everything'
          ) : (
            <span className="font-mono text-xs">{restore.artifacts.join(', ')}</span>
          )}
        </Fact>
        <Fact label="Read from">{restore.remote?.name ?? 'a remote that is gone'}</Fact>
        {restore.reason && <Fact label="Reason">{restore.reason}</Fact>}
      </FactList>
    </Card>
  )
}
