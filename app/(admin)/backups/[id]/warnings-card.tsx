import { ChevronRight } from 'lucide-react'
import { Card } from '@/components/ui/card'
import type { WarningGroup } from '@/core/backups/get-backup-warnings'
import { WarningItems } from './warning-items'

/** All warnings by code and source, each group with its number; its warnings fold out. */
export function WarningsCard({ id, groups, count }: { id: string; groups: WarningGroup[]; count: number }) {
  const unnamed = count - groups.reduce((sum, group) => sum + group.count, 0)
  return (
    <Card
      flush
      title={count === 1 ? '1 warning' : `${count.toLocaleString('en-GB')} warnings`}
      description="Files that change while they are read are normal on a living system; the backup protects all the same."
    >
      <ul className="divide-y divide-border">
        {groups.map((group) => (
          <li key={`${group.code} ${group.source}`}>
            <details className="group" open={groups.length === 1}>
              <summary className="flex list-none items-center gap-3 px-5 py-3 text-sm hover:bg-surface-muted/60 [&::-webkit-details-marker]:hidden">
                <ChevronRight
                  className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90 print:hidden"
                  aria-hidden
                />
                <span className="min-w-0 flex-1 break-words">
                  <span className="font-medium font-mono text-xs">{group.code}</span>
                  {group.source && <span className="text-muted"> · {group.source}</span>}
                </span>
                <span className="tabular-nums">{group.count.toLocaleString('en-GB')}</span>
              </summary>
              <WarningItems key={group.count} backupId={id} group={group} />
            </details>
          </li>
        ))}
        {unnamed > 0 && (
          <li className="px-5 py-2.5 text-muted text-sm">
            {groups.length > 0 && 'and '}
            {unnamed.toLocaleString('en-GB')}{' '}
            {groups.length > 0
              ? 'more that were counted and not named'
              : 'were counted; what they said is kept no longer'}
          </li>
        )}
      </ul>
    </Card>
  )
}
