'use client'

import { Button } from '@/components/ui/button'

/** Below a list: how many are left, and a button for the next of them. On paper it says only how many are left out. */
export function MoreButton({
  left,
  isLoading,
  hasFailed,
  loadMore,
}: {
  left: number
  isLoading: boolean
  hasFailed: boolean
  loadMore: () => Promise<void>
}) {
  if (left === 0) return null
  const count = left.toLocaleString('en-GB')
  return (
    <div className="flex flex-wrap items-center gap-3 px-5 py-3 text-muted text-sm">
      <Button size="sm" pending={isLoading} onClick={() => void loadMore()} className="print:hidden">
        Show more
      </Button>
      <span aria-live="polite">
        {hasFailed ? 'The dashboard did not answer. Try again in a moment.' : `${count} more`}
      </span>
    </div>
  )
}
