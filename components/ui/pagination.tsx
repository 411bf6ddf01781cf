import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { Button } from './button'

/** Links to the pages before and after; nothing when there is only one. `query` holds the list's other filters. */
export function Pagination({
  page,
  pages,
  path,
  query,
}: {
  page: number
  pages: number
  path: string
  query: Record<string, string>
}) {
  if (pages <= 1) return null
  const hrefOf = (target: number) => `${path}?${new URLSearchParams({ ...query, page: String(target) })}`
  return (
    <nav aria-label="Pages" className="mt-4 flex items-center justify-between gap-3">
      <Button asChild size="sm" className={page > 1 ? '' : 'invisible'}>
        <Link href={hrefOf(page - 1)}>
          <ChevronLeft aria-hidden />
          Newer
        </Link>
      </Button>
      <span className="text-muted text-sm">
        Page {page} of {pages}
      </span>
      <Button asChild size="sm" className={page < pages ? '' : 'invisible'}>
        <Link href={hrefOf(page + 1)}>
          Older
          <ChevronRight aria-hidden />
        </Link>
      </Button>
    </nav>
  )
}
