import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names'

/** A bordered ground for one subject. With `title` it is a labelled section; `actions` stand beside the title. */
export function Card({
  title,
  description,
  actions,
  className,
  children,
  flush = false,
  ...props
}: Omit<ComponentProps<'section'>, 'title'> & {
  title?: ReactNode
  description?: ReactNode
  actions?: ReactNode
  /** no padding around the content: for tables and lists that reach the edge */
  flush?: boolean
}) {
  return (
    <section
      className={classNames('min-w-0 rounded-xl border border-border bg-surface shadow-xs', className)}
      {...props}
    >
      {title && (
        <header className="flex flex-wrap items-start justify-between gap-x-4 gap-y-3 px-5 pt-4 pb-3">
          <div className="min-w-0">
            <h2 className="font-semibold text-base leading-8">{title}</h2>
            {description && <p className="text-muted text-sm">{description}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2 print:hidden">{actions}</div>}
        </header>
      )}
      <div className={flush ? (title ? 'border-border border-t' : '') : title ? 'px-5 pb-5' : 'p-5'}>{children}</div>
    </section>
  )
}
