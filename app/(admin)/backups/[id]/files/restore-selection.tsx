'use client'

import { RotateCcw } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { mostEntries, restoreHref } from '@/core/restores/draft'

/** The form around a table of entries: what is ticked goes to the page where a restore is put together. */
export function RestoreSelection({ backupId, children }: { backupId: string; children: ReactNode }) {
  const router = useRouter()
  const form = useRef<HTMLFormElement>(null)
  const [count, setCount] = useState(0)
  const chosen = () => (form.current ? new FormData(form.current).getAll('entry').map(Number) : [])
  return (
    <form
      ref={form}
      onChange={() => setCount(chosen().length)}
      onSubmit={(event) => {
        event.preventDefault()
        router.push(restoreHref(backupId, { entries: chosen().slice(0, mostEntries) }))
      }}
    >
      {children}
      {count > 0 && (
        <div className="sticky bottom-3 z-10 mt-3 flex flex-wrap items-center justify-between gap-3 rounded-xl border border-border bg-surface px-4 py-3 text-sm shadow-md">
          <span role="status">{count.toLocaleString('en-GB')} chosen on this page</span>
          <Button type="submit" variant="primary" size="sm">
            <RotateCcw aria-hidden />
            Restore what is chosen
          </Button>
        </div>
      )}
    </form>
  )
}
