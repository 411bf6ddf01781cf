import { Pin } from 'lucide-react'
import type { ReactNode } from 'react'
import { remotePath } from '@/app/(admin)/backups/restore-commands'
import { presenceWords, verificationWords } from '@/app/(admin)/backups/words'
import { Time } from '@/components/time'
import { Badge, type Tone } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { CopyButton } from '@/components/ui/copy-button'
import { Notice } from '@/components/ui/notice'
import type { BackupCopy, BackupDetail } from '@/core/backups/get-backup'
import type { CopyProspect as Prospect } from '@/core/replications/list-backup-replications'
import { CopyProspect, ProspectBadge } from './copy-prospect'

const tones: Record<BackupCopy['presence'], Tone> = {
  absent: 'idle',
  leftover: 'warning',
  present: 'good',
  missing: 'bad',
  pruned: 'idle',
}

/** What the remotes hold of this backup, and how far that was verified: apart from how the run ended. */
export function CopiesCard({
  backup,
  prospects,
  mayCopy,
  pin,
}: {
  backup: BackupDetail
  /** of the remotes of its plan that do not hold it whole */
  prospects: Prospect[]
  mayCopy: boolean
  pin: ReactNode
}) {
  const isOpen = backup.state === 'queued' || backup.state === 'running'
  const prospectOf = (remoteId: string) => prospects.find(({ remote }) => remote.id === remoteId)
  const others = prospects.filter(({ remote }) => !backup.copies.some((copy) => copy.remote.id === remote.id))
  return (
    <Card title={backup.copies.length + others.length > 1 ? 'On the remotes' : 'On the remote'} actions={pin}>
      <div className="space-y-4">
        {backup.pinned && <PinNotice pinned={backup.pinned} />}
        {backup.copies.length === 0 && <p className="text-muted text-sm">Nothing was written.</p>}
        <ul className="space-y-3">
          {backup.copies.map((copy) => (
            <li key={copy.remote.id} className="text-sm">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="font-medium">{copy.remote.name}</span>
                <CopyBadge copy={copy} isOpen={isOpen} prospect={prospectOf(copy.remote.id)} />
                {copy.presence === 'present' && (
                  <span className="text-muted">
                    {verificationWords[copy.verification]}
                    {copy.verifiedAt && (
                      <>
                        , <Time at={copy.verifiedAt} />
                      </>
                    )}
                  </span>
                )}
              </div>
              {backup.folder && copy.presence !== 'absent' && (
                <RemotePath path={remotePath(copy.remote, `${backup.instance.slug}/${backup.folder}`)} />
              )}
              <Prospects backupId={backup.id} prospect={prospectOf(copy.remote.id)} mayCopy={mayCopy} />
            </li>
          ))}
          {others.map((prospect) => (
            <li key={prospect.remote.id} className="text-sm">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="font-medium">{prospect.remote.name}</span>
                <ProspectBadge prospect={prospect} />
              </div>
              <Prospects backupId={backup.id} prospect={prospect} mayCopy={mayCopy} />
            </li>
          ))}
        </ul>
      </div>
    </Card>
  )
}

function CopyBadge({ copy, isOpen, prospect }: { copy: BackupCopy; isOpen: boolean; prospect: Prospect | undefined }) {
  if (isOpen) return <Badge tone="running">being written</Badge>
  // what is half there because it is being copied is no rubbish
  if (prospect && (copy.presence === 'absent' || copy.presence === 'leftover'))
    return <ProspectBadge prospect={prospect} />
  return <Badge tone={tones[copy.presence]}>{presenceWords[copy.presence]}</Badge>
}

function Prospects({ prospect, ...props }: { backupId: string; prospect: Prospect | undefined; mayCopy: boolean }) {
  return prospect ? <CopyProspect prospect={prospect} {...props} /> : null
}

function RemotePath({ path }: { path: string }) {
  return (
    <div className="mt-1 flex items-center gap-2">
      <code className="min-w-0 break-all text-muted text-xs">{path}</code>
      <CopyButton text={path} label="Copy path" className="print:hidden" />
    </div>
  )
}

function PinNotice({ pinned: { at, reason, until } }: { pinned: NonNullable<BackupDetail['pinned']> }) {
  return (
    <Notice tone="accent" icon={<Pin aria-hidden />} title={until ? `Pinned through ${lastDayOf(until)}` : 'Pinned'}>
      <p className="break-words text-text">
        {reason} (<Time at={at} />)
      </p>
    </Notice>
  )
}

/** `until` is the first moment after that day. */
function lastDayOf(until: Date): string {
  const last = new Date(until.getTime() - 1)
  return `${new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(last)} (UTC)`
}
