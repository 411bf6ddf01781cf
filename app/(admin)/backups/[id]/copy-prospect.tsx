import { CircleX, CopyPlus } from 'lucide-react'
import { FollowLook } from '@/app/(admin)/inspections/follow-look'
import { cancelReplicationAction, copyBackupAction } from '@/app/(admin)/replications/actions'
import { ActionButton } from '@/components/form/action-button'
import { LiveProgress } from '@/components/run/live-progress'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Badge } from '@/components/ui/badge'
import type { CopyProspect as Prospect } from '@/core/replications/list-backup-replications'

type Props = { backupId: string; prospect: Prospect; mayCopy: boolean }

/** How far the copying of a backup to a remote has come, or when it is tried again, with the buttons for it. */
export function CopyProspect({ backupId, prospect, mayCopy }: Props) {
  const { open, remote, isAskable } = prospect
  return (
    <div className="mt-1.5 space-y-2">
      {open ? (
        <OpenCopy backupId={backupId} open={open} mayCopy={mayCopy} />
      ) : (
        <p className="text-muted">{prospectWords(prospect)}</p>
      )}
      <LastFailure prospect={prospect} />
      {mayCopy && isAskable && (
        <ActionButton
          action={copyBackupAction}
          values={{ backupId, remoteId: remote.id }}
          size="sm"
          aria-label={`Copy now to ${remote.name}`}
        >
          <CopyPlus aria-hidden />
          Copy now
        </ActionButton>
      )}
    </div>
  )
}

/** In a word, for the place where a copy that is there says so. */
export function ProspectBadge({ prospect: { open, next } }: { prospect: Prospect }) {
  if (open) return <Badge tone="running">{open.state === 'running' ? 'being copied' : 'to be copied'}</Badge>
  if (next.when === 'later') return <Badge tone="idle">to be copied</Badge>
  if (next.when === 'givenUp') return <Badge tone="warning">not copied</Badge>
  return <Badge tone="idle">no copy</Badge>
}

function OpenCopy({
  backupId,
  open,
  mayCopy,
}: Pick<Props, 'backupId' | 'mayCopy'> & { open: NonNullable<Prospect['open']> }) {
  return (
    <div className="space-y-2" role="status">
      <FollowLook />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <StatusBadge state={open.state} />
        <span className="text-muted">
          {open.cancelRequested
            ? 'Being cancelled.'
            : open.state === 'queued'
              ? 'Begins as soon as its worker has nothing else to do.'
              : 'It steps back for any other run, and goes on afterwards.'}
        </span>
        {mayCopy && !open.cancelRequested && (
          <ActionButton
            action={cancelReplicationAction}
            values={{ backupId, replicationId: open.id }}
            size="sm"
            variant="ghost"
          >
            <CircleX aria-hidden />
            Cancel copying
          </ActionButton>
        )}
      </div>
      {open.progress && <LiveProgress progress={open.progress} />}
    </div>
  )
}

function prospectWords({ next, last }: Prospect) {
  if (next.when === 'never') return 'The plan keeps no copy of it there.'
  if (next.when === 'givenUp')
    return last?.state === 'cancelled'
      ? 'Copying was cancelled; it is not tried again by itself.'
      : `Given up after ${next.tries} tries; it is not tried again by itself.`
  if (next.notBefore)
    return (
      <>
        It is tried again <Time at={next.notBefore} />.
      </>
    )
  return 'It is copied as soon as a worker has nothing else to do.'
}

function LastFailure({ prospect: { last } }: { prospect: Prospect }) {
  if (!last?.problem || (last.state !== 'failed' && last.state !== 'lost')) return null
  return (
    <p className="break-words text-bad">
      The last try failed <Time at={last.at} />: {last.problem.text}{' '}
      {last.problem.action && <span className="text-text">{last.problem.action}</span>}
    </p>
  )
}
