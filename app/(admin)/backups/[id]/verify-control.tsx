import { ShieldCheck } from 'lucide-react'
import { verifyBackupAction } from '@/app/(admin)/inspections/actions'
import { FaultList } from '@/app/(admin)/inspections/fault-list'
import { FailedLook, OpenLook } from '@/app/(admin)/inspections/look-state'
import { ActionButton } from '@/components/form/action-button'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { type BackupLooks, listBackupLooks } from '@/core/inspections/list-backup-looks'

/** Reads a backup back on request, and says what was found wrong with it; nothing for one that no remote should hold. */
export async function VerifyControl({ backupId, mayVerify }: { backupId: string; mayVerify: boolean }) {
  const looks = await listBackupLooks(backupId)
  if (!looks || looks.copies.length === 0) return null
  return (
    <Card
      title="Verification"
      description="A worker reads every part back and compares it by size and SHA-256, and whether it decompresses. Nothing on the remote is changed."
    >
      <div className="space-y-4">
        <OriginNotice origin={looks.origin} />
        <ul className="space-y-4">
          {looks.copies.map((copy) => (
            <li key={copy.remote.id} className="space-y-3">
              <CopyLooks backupId={backupId} copy={copy} mayVerify={mayVerify} isOnly={looks.copies.length === 1} />
            </li>
          ))}
        </ul>
      </div>
    </Card>
  )
}

function OriginNotice({ origin }: { origin: BackupLooks['origin'] }) {
  if (origin === 'own') return null
  if (origin === 'adopted')
    return (
      <Notice tone="accent" title="Found on the remote and taken over">
        <p className="text-text">It is signed by a key of this dashboard.</p>
      </Notice>
    )
  return (
    <Notice tone="warning" title="Foreign: signed by no key of this dashboard">
      <p className="text-text">
        Nobody can tell who wrote it. It can be restored beside, and counts neither for health nor for retention.
      </p>
    </Notice>
  )
}

type CopyProps = { backupId: string; copy: BackupLooks['copies'][number]; mayVerify: boolean; isOnly: boolean }

function CopyLooks({ backupId, copy, mayVerify, isOnly }: CopyProps) {
  const { remote, presence, faults, open, last } = copy
  return (
    <>
      {presence === 'missing' && (
        <Notice tone="bad" title={`Not whole on ${remote.name}`} role="alert">
          <FaultList faults={faults} />
        </Notice>
      )}
      {open ? <OpenLook look={open} mayCancel={mayVerify} /> : last && <FailedLook look={last} />}
      {mayVerify && !open && (
        <ActionButton action={verifyBackupAction} values={{ backupId, remoteId: remote.id }} size="sm">
          <ShieldCheck aria-hidden />
          {isOnly ? 'Verify again' : `Verify again on ${remote.name}`}
        </ActionButton>
      )}
    </>
  )
}
