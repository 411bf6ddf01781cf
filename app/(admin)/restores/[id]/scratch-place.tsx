import { discardRestoreAction } from '@/app/(admin)/restores/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { RestoreTaskDetail } from '@/core/restores/get-restore'

/** Where the restored data lies, and its removal. */
export function ScratchPlace({
  restoreId,
  task,
  mayDiscard,
}: {
  restoreId: string
  task: RestoreTaskDetail
  mayDiscard: boolean
}) {
  const removal = task.discard?.state ?? null
  const isGone = removal === 'succeeded' || removal === 'warning'
  const isGoing = removal === 'queued' || removal === 'running'
  return (
    <Card
      title="Scratch place"
      actions={
        <>
          {isGone && <Badge>removed</Badge>}
          {isGoing && <Badge tone="running">being removed</Badge>}
          {mayDiscard && task.startedAt && !isGone && !isGoing && (
            <ConfirmButton
              action={discardRestoreAction}
              values={{ id: restoreId }}
              size="sm"
              title="Discard what was restored?"
              question={
                <>
                  <p className="break-all">The folder {task.folder} is removed with all it holds.</p>
                  {task.databasePrefix && <p>So are the databases whose names begin with {task.databasePrefix}.</p>}
                  <p>The backup stays, and so does this page with its figures.</p>
                </>
              }
              confirmLabel="Discard"
            >
              Discard
            </ConfirmButton>
          )}
        </>
      }
    >
      <div className="space-y-4">
        {task.discard?.problem && <ProblemAlert problem={task.discard.problem} title="It could not be removed" />}
        <FactList>
          <Fact label="Host">
            {task.worker.hostName} (worker {task.worker.slug})
          </Fact>
          <Fact label="Folder">
            <span className="break-all font-mono text-xs">{task.folder}</span>
          </Fact>
          {task.databasePrefix && (
            <Fact label="Databases begin with">
              <span className="font-mono text-xs">{task.databasePrefix}</span>
            </Fact>
          )}
        </FactList>
      </div>
    </Card>
  )
}
