import Link from 'next/link'
import { dropRestoreAction, scheduleDropAction, undoRestoreAction } from '@/app/(admin)/restores/actions'
import { ConfirmButton } from '@/components/form/confirm-button'
import { TextField } from '@/components/form/fields'
import { formatBytes } from '@/components/format-bytes'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Fact, FactList } from '@/components/ui/fact-list'
import { ProblemAlert } from '@/components/ui/problem-alert'
import type { RestoreDetail, RestoreTaskDetail } from '@/core/restores/get-restore'
import type { Exchange } from '@/protocol/events'

/** What stands in place, what is kept beside, and the ways on from there. */
export function ExchangeCard({
  restore,
  task,
  inPlace,
  mayEnd,
}: {
  restore: RestoreDetail
  task: RestoreTaskDetail
  inPlace: NonNullable<RestoreTaskDetail['inPlace']>
  mayEnd: boolean
}) {
  const { exchange, safetyBackupId, end, dropAt } = inPlace
  const isGoing = task.discard?.state === 'queued' || task.discard?.state === 'running'
  const state = exchange?.state ?? null
  const mayDrop = mayEnd && !isGoing && (state === 'swapped' || state === 'undone')
  const keepsOld = state === 'swapped' || state === 'committed'
  return (
    <Card
      title="In place"
      actions={
        <>
          {isGoing && <Badge tone="running">{end === 'undo' ? 'being undone' : 'being dropped'}</Badge>}
          {mayEnd && !isGoing && keepsOld && <UndoButton id={restore.id} />}
          {mayDrop && dropAt && <KeepButton id={restore.id} />}
          {mayDrop && !dropAt && <DropDayButton id={restore.id} slug={restore.instance.slug} />}
          {mayDrop && <DropButton id={restore.id} slug={restore.instance.slug} isUndone={state === 'undone'} />}
        </>
      }
    >
      <div className="space-y-4">
        {task.discard?.problem && (
          <ProblemAlert
            problem={task.discard.problem}
            title={end === 'undo' ? 'It could not be undone' : 'It could not be dropped'}
          />
        )}
        <p className="text-sm" data-exchange={state ?? 'none'}>
          {state ? sentences[state] : 'Nothing was changed yet.'}
        </p>
        <FactList>
          <Fact label="Host">
            {task.worker.hostName} (worker {task.worker.slug})
          </Fact>
          {exchange && (
            <Fact label="Exchanged">
              {exchange.paths.toLocaleString('en-GB')} files or folders, {exchange.collections.toLocaleString('en-GB')}{' '}
              collections or views
            </Fact>
          )}
          {exchange && (state === 'swapped' || state === 'undone') && (
            <Fact label="Kept beside">
              {formatBytes(exchange.besideBytes)}, since <Time at={new Date(exchange.at)} />,{' '}
              {dropAt ? (
                <>
                  dropped by itself <Time at={dropAt} />
                </>
              ) : (
                'until somebody drops it'
              )}
            </Fact>
          )}
          <Fact label="Safety backup">
            {safetyBackupId ? (
              <Link href={`/backups/${safetyBackupId}`} className="underline underline-offset-4">
                made before
              </Link>
            ) : (
              'none: what is kept beside is the safety'
            )}
          </Fact>
        </FactList>
      </div>
    </Card>
  )
}

const sentences: Record<Exchange['state'], string> = {
  staging: 'What the backup has is being brought beside. Nothing was changed yet.',
  committed:
    'Everything was compared, and is being exchanged. Should the worker die now, it goes on when it starts again.',
  swapped: 'What was restored stands in place. What stood there before is kept beside.',
  undone:
    'What stood there before is back in place. What was restored, with all that was written since, is kept beside.',
  'rolled-back': 'Nothing was changed, and nothing of the restore is left.',
  dropped: 'What was kept beside is gone. The restore can no longer be undone.',
}

function UndoButton({ id }: { id: string }) {
  return (
    <ConfirmButton
      action={undoRestoreAction}
      values={{ id }}
      size="sm"
      danger={false}
      title="Undo this restore?"
      question="What stood there before is put back and compared. What was restored, with all that was written since, is kept beside. Stop what writes there first."
      confirmLabel="Undo"
    >
      Undo
    </ConfirmButton>
  )
}

function DropButton({ id, slug, isUndone }: { id: string; slug: string; isUndone: boolean }) {
  return (
    <ConfirmButton
      action={dropRestoreAction}
      values={{ id }}
      size="sm"
      title={isUndone ? 'Drop what was restored?' : 'Drop the old copy?'}
      question="It is removed for good, and this restore can no longer be undone. What stands in place is not touched."
      typedName={slug}
      confirmLabel="Drop"
    >
      {isUndone ? 'Drop what was restored' : 'Drop the old copy'}
    </ConfirmButton>
  )
}

function DropDayButton({ id, slug }: { id: string; slug: string }) {
  return (
    <ConfirmButton
      action={scheduleDropAction}
      values={{ id }}
      size="sm"
      title="Drop it on a day?"
      question="When that day is over, what is kept beside is removed for good, and this restore can no longer be undone. Until then it can be undone, and the day be taken back."
      fields={<TextField name="lastDay" type="date" label="Last day" description="In UTC." required />}
      typedName={slug}
      confirmLabel="Set the day"
    >
      Drop on a day…
    </ConfirmButton>
  )
}

function KeepButton({ id }: { id: string }) {
  return (
    <ConfirmButton
      action={scheduleDropAction}
      values={{ id }}
      size="sm"
      danger={false}
      title="Keep it until somebody drops it?"
      question="What is kept beside takes its room on the host until then."
      confirmLabel="Keep it"
    >
      Keep it longer
    </ConfirmButton>
  )
}
