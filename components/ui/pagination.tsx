import { ChevronLeft, ChevronRight, ChevronsLeft, ChevronsRight } from 'lucide-react'
import Link from 'next/link'
import { Button } from './button'

/**
 * Links to the pages before and after, and to both ends; nothing when there is only one. `query` holds the list's other filters,
 * `previous` and `next` say what stands there.
 */
export function Pagination({
  page,
  pages,
  path,
  query,
  previous = 'Newer',
  next = 'Older',
}: {
  page: number
  pages: number
  path: string
  query: Record<string, string>
  previous?: string
  next?: string
}) {
  if (pages <= 1) return null
  const hrefOf = (target: number) => `${path}?${new URLSearchParams({ ...query, page: String(target) })}`
  return (
    <nav aria-label="Pages" className="mt-4 flex items-center justify-between gap-3">
      <div className={page > 1 ? 'flex gap-2' : 'invisible flex gap-2'}>
        <Button asChild size="icon-sm">
          <Link href={hrefOf(1)} prefetch={false} aria-label="First page">
            <ChevronsLeft aria-hidden />
          </Link>
        </Button>
        <Button asChild size="sm">
          <Link href={hrefOf(page - 1)}>
            <ChevronLeft aria-hidden />
            {previous}
          </Link>
        </Button>
      </div>
      <span className="text-center text-muted text-sm">
        Page {page.toLocaleString('en-GB')} of {pages.toLocaleString('en-GB')}
      </span>
      <div className={page < pages ? 'flex gap-2' : 'invisible flex gap-2'}>
        <Button asChild size="sm">
          <Link href={hrefOf(page + 1)}>
            {next}
            <ChevronRight aria-hidden />
          </Link>
        </Button>
        <Button asChild size="icon-sm">
          <Link href={hrefOf(pages)} prefetch={false} aria-label="Last page">
            <ChevronsRight aria-hidden />
          </Link>
        </Button>
      </div>
    </nav>
  )
}
