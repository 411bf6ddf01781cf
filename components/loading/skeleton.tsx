import type { ReactNode } from 'react'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import { PageHeader } from '@/components/ui/page-header'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'

/** Stands for a line of text, or with a height of its own for whatever is to come. It breathes, unless less motion is asked for. */
export function Bar({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'inline-block h-[1em] w-24 max-w-full animate-pulse rounded bg-surface-muted align-[-0.125em] motion-reduce:animate-none dark:bg-border',
        className,
      )}
    />
  )
}

/** The head of a page as it will be, and below it what stands for its content. */
export function PageSkeleton({
  title,
  hasActions = false,
  children,
  ...header
}: {
  title: string
  badge?: ReactNode
  description?: ReactNode
  breadcrumbs?: { label: string; href: string }[]
  hasActions?: boolean
  children: ReactNode
}) {
  return (
    <div aria-busy>
      <p role="status" className="sr-only">
        Loading {title}
      </p>
      <PageHeader title={title} {...header} actions={hasActions && <Bar className="h-10 w-32 rounded-lg" />} />
      {children}
    </div>
  )
}

/** A table's head as it will be, with `rows` rows whose cells have one line, or two in columns of `twoLines`. */
export function TableSkeleton({
  caption,
  columns,
  twoLines = [],
  rows = 8,
}: {
  caption: string
  columns: string[]
  twoLines?: string[]
  rows?: number
}) {
  return (
    <Table caption={caption}>
      <TableHead>
        {columns.map((column) => (
          <TableHeader key={column}>{column}</TableHeader>
        ))}
      </TableHead>
      <TableBody>
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows that stand for others have nothing else to tell them apart
          <TableRow key={row}>
            {columns.map((column, index) => (
              <TableCell key={column} {...(index > 0 ? { label: column } : {})}>
                <Bar className={index === 0 ? 'w-32' : 'w-20'} />
                {twoLines.includes(column) && (
                  <div className="text-xs">
                    <Bar className="w-28" />
                  </div>
                )}
              </TableCell>
            ))}
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

/** A card with its title, and lines of text. */
export function CardSkeleton({ title, lines = 3, className }: { title: string; lines?: number; className?: string }) {
  return (
    <Card title={title} className={className}>
      <div className="space-y-2 text-sm">
        {Array.from({ length: lines }, (_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines that stand for others have nothing else to tell them apart
          <div key={line}>
            <Bar className={line % 2 === 0 ? 'w-2/3' : 'w-1/2'} />
          </div>
        ))}
      </div>
    </Card>
  )
}
