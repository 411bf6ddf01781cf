import Link from 'next/link'
import { StatusBadge } from '@/components/status-badge'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import type { BackupDetail } from '@/core/backups/get-backup'

/** What was restored of this backup. */
export function RestoresCard({ restores }: { restores: BackupDetail['restores'] }) {
  return (
    <Card title="Restores of this backup">
      <ul className="space-y-2 text-sm">
        {restores.map((restore) => (
          <li key={restore.id} className="flex flex-wrap items-center gap-3">
            <Link href={`/restores/${restore.id}`} className="underline underline-offset-4">
              <Time at={restore.requestedAt} plain />
            </Link>
            <StatusBadge state={restore.state} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
