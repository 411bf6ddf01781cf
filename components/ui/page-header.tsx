import { ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { Fragment, type ReactNode } from 'react'

export type Crumb = { label: string; href: string }

/** The head of each page: the way here, its one h1, a sentence, and its main actions. */
export function PageHeader({
  title,
  breadcrumbs = [],
  badge,
  description,
  actions,
}: {
  title: string
  breadcrumbs?: Crumb[]
  badge?: ReactNode
  description?: ReactNode
  actions?: ReactNode
}) {
  return (
    <header className="mb-6">
      {breadcrumbs.length > 0 && (
        <nav aria-label="Breadcrumbs" className="mb-2 print:hidden">
          <ol className="flex flex-wrap items-center gap-1 text-muted text-sm">
            {breadcrumbs.map((crumb) => (
              <Fragment key={crumb.href}>
                <li>
                  <Link href={crumb.href} className="rounded-sm hover:text-text hover:underline">
                    <bdi>{crumb.label}</bdi>
                  </Link>
                </li>
                <li aria-hidden>
                  <ChevronRight className="size-3.5" />
                </li>
              </Fragment>
            ))}
            <li aria-current="page" className="max-w-60 truncate">
              <bdi>{title}</bdi>
            </li>
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="break-words font-semibold text-2xl tracking-tight">
              <bdi>{title}</bdi>
            </h1>
            {badge}
          </div>
          {description && <div className="mt-1 max-w-3xl text-muted">{description}</div>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>}
      </div>
    </header>
  )
}
