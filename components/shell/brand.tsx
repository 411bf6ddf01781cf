import { classNames } from '@/components/ui/class-names'

/** The mark: a book held shut by a ribbon. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={classNames('size-7', className)}>
      <rect x="3" y="3" width="26" height="26" rx="7" className="fill-accent" />
      <path d="M10 8.5h10.5a2 2 0 0 1 2 2v13H11.5A2.5 2.5 0 0 1 9 21V9.5a1 1 0 0 1 1-1Z" className="fill-on-accent" />
      <path d="M16 8.5h4v8.2l-2-1.7-2 1.7Z" className="fill-accent" />
      <path d="M11.5 20.2h11" strokeWidth="1.4" className="stroke-accent" />
    </svg>
  )
}

export function Brand() {
  return (
    <span className="flex items-center gap-2.5 font-semibold text-base tracking-tight">
      <BrandMark />
      Talekeeper
    </span>
  )
}
