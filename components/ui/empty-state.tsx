import type { ReactNode } from 'react'

/** What a page shows instead of an empty list: what belongs here, and the next step as a button. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon?: ReactNode
  title: string
  children?: ReactNode
  action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-center px-6 py-9 text-center">
      {icon && (
        <div className="mb-4 flex size-12 items-center justify-center rounded-full bg-accent-soft text-accent [&_svg]:size-6">
          {icon}
        </div>
      )}
      <p className="font-semibold text-base">{title}</p>
      {children && <div className="mt-1 max-w-md text-muted text-sm">{children}</div>}
      {action && <div className="mt-5 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  )
}
