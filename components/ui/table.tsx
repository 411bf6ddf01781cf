// biome-ignore-all lint/a11y/noRedundantRoles: `display: block` on narrow screens takes the native roles away
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names'

/**
 * A table that becomes a list of cards on narrow screens: each cell then shows its column's name, given as `label`.
 */
export function Table({ caption, className, children, ...props }: ComponentProps<'table'> & { caption: string }) {
  return (
    <table role="table" className={classNames('w-full text-left text-sm max-md:block', className)} {...props}>
      <caption className="sr-only">{caption}</caption>
      {children}
    </table>
  )
}

export function TableHead({ children }: { children: ReactNode }) {
  return (
    <thead role="rowgroup" className="border-border border-b text-muted text-xs max-md:sr-only">
      <tr role="row">{children}</tr>
    </thead>
  )
}

export function TableHeader({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      role="columnheader"
      scope="col"
      className={classNames('whitespace-nowrap px-5 py-2.5 font-medium', className)}
      {...props}
    />
  )
}

export function TableBody({ children }: { children: ReactNode }) {
  return (
    <tbody role="rowgroup" className="divide-y divide-border max-md:block">
      {children}
    </tbody>
  )
}

export function TableRow({ className, ...props }: ComponentProps<'tr'>) {
  return (
    <tr
      role="row"
      className={classNames('hover:bg-surface-muted/60 max-md:block max-md:px-5 max-md:py-3', className)}
      {...props}
    />
  )
}

/** `label` repeats the column's name on narrow screens; leave it out for a cell that explains itself, such as the row's title. */
export function TableCell({ label, className, children, ...props }: ComponentProps<'td'> & { label?: string }) {
  return (
    <td
      role="cell"
      className={classNames(
        'px-5 py-3 align-middle max-md:flex max-md:min-w-0 max-md:items-baseline max-md:justify-between max-md:gap-4 max-md:px-0 max-md:py-1',
        className,
      )}
      {...props}
    >
      {label && (
        <span aria-hidden className="shrink-0 text-muted text-xs md:hidden">
          {label}
        </span>
      )}
      {label ? <div className="min-w-0 max-md:text-right">{children}</div> : children}
    </td>
  )
}
