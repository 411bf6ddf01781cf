import type { ReactNode } from 'react'
import { BrandMark } from './brand'

/** A page outside the dashboard's frame: one card in the middle. */
export function LonePage({
  title,
  description,
  children,
}: {
  title: string
  description?: ReactNode
  children?: ReactNode
}) {
  return (
    <main className="flex min-h-dvh items-center justify-center px-4 py-10">
      <div className="w-full max-w-md">
        <div className="mb-6 flex items-center justify-center gap-2.5 font-semibold text-lg tracking-tight">
          <BrandMark className="size-8" />
          Talekeeper
        </div>
        <div className="rounded-2xl border border-border bg-surface p-6 shadow-sm sm:p-8">
          <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
          {description && <div className="mt-1.5 text-muted text-sm">{description}</div>}
          {children && <div className="mt-6">{children}</div>}
        </div>
      </div>
    </main>
  )
}
