import { Children, type ReactNode } from 'react'
import { classNames } from './class-names'

/** Names and values side by side; holds `Fact`s. */
export function FactList({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <dl className={classNames('grid gap-x-8 gap-y-4 sm:grid-cols-2 lg:grid-cols-3', className)}>
      {Children.toArray(children)}
    </dl>
  )
}

export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="mt-0.5 break-words text-sm">{children}</dd>
    </div>
  )
}
