import { Pin } from 'lucide-react'
import type { ReactNode } from 'react'
import { presenceWords, verificationWords } from '@/app/(admin)/backups/words'
import { Time } from '@/components/time'
import { Badge, type Tone } from '@/components/ui/badge'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import type { BackupCopy, BackupDetail } from '@/core/backups/get-backup'

const tones: Record<BackupCopy['presence'], Tone> = {
  absent: 'idle',
  leftover: 'warning',
  present: 'good',
  missing: 'bad',
  pruned: 'idle',
}

/** What the remotes hold of this backup, and how far that was verified: apart from how the run ended. */
export function CopiesCard({ backup, pin }: { backup: BackupDetail; pin: ReactNode }) {
  const isOpen = backup.state === 'queued' || backup.state === 'running'
  return (
    <Card title="On the remote" actions={pin}>
      <div className="space-y-4">
        {backup.pinned && (
          <Notice tone="accent" icon={<Pin aria-hidden />} title="Pinned">
            <p className="break-words text-text">
              {backup.pinned.reason} (<Time at={backup.pinned.at} />)
            </p>
          </Notice>
        )}
        {backup.copies.length === 0 && <p className="text-muted text-sm">Nothing was written.</p>}
        <ul className="space-y-3">
          {backup.copies.map((copy) => (
            <li key={copy.remote.id} className="text-sm">
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <span className="font-medium">{copy.remote.name}</span>
                <Badge tone={isOpen ? 'running' : tones[copy.presence]}>
                  {isOpen ? 'being written' : presenceWords[copy.presence]}
                </Badge>
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
                <p className="mt-1 break-all font-mono text-muted text-xs">
                  {copy.remote.baseFolder}/{backup.instance.slug}/{backup.folder}
                </p>
              )}
            </li>
          ))}
        </ul>
      </div>
    </Card>
  )
}
