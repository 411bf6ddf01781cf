'use client'

import type { WarningGroup, WarningItem } from '@/core/backups/get-backup-warnings'
import { MoreButton } from './more-button'
import { useMore } from './use-more'

/** The warnings of one group: the first, and more on demand. */
export function WarningItems({ backupId, group }: { backupId: string; group: WarningGroup }) {
  const { items, ...more } = useMore<WarningItem>(group.first, group.count, (last) => {
    const source: Record<string, string> = group.source === null ? {} : { source: group.source }
    const query = new URLSearchParams({ code: group.code, ...source, after: String(last?.id ?? 0) })
    return `/api/backups/${backupId}/warnings?${query}`
  })
  return (
    <div className="border-border border-t bg-surface-muted/40">
      <ul className="divide-y divide-border">
        {items.map(({ id, text, where }) => (
          <li key={id} className="px-5 py-2 text-sm sm:pl-12">
            <p className="break-words">{text}</p>
            {where && <p className="break-all font-mono text-muted text-xs">{where}</p>}
          </li>
        ))}
      </ul>
      <MoreButton {...more} />
    </div>
  )
}
