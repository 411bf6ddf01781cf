import type { ReactNode } from 'react'
import { Bar, CardSkeleton, PageSkeleton } from '@/components/loading/skeleton'
import { StatusBadge } from '@/components/status-badge'
import { Card } from '@/components/ui/card'
import type { BackupDetail } from '@/core/backups/get-backup'
import { BackupFacts } from './backup-facts'

/** The backup's own facts are known before its log, its warnings and what it is compared with. */
export function BackupSkeleton({ backup, title, origin }: { backup: BackupDetail; title: string; origin: ReactNode }) {
  return (
    <PageSkeleton
      title={title}
      badge={<StatusBadge state={backup.state} />}
      breadcrumbs={[{ label: 'Backups', href: '/backups' }]}
      description={origin}
      hasActions
    >
      <div className="space-y-6">
        <Card title="Stages">
          <Bar className="h-16 w-full" />
        </Card>
        <BackupFacts backup={backup} />
        <CardSkeleton title="Compared with the one before" lines={6} />
      </div>
    </PageSkeleton>
  )
}
