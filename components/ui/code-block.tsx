import { classNames } from './class-names'
import { CopyButton } from './copy-button'

/** Text to be copied into a terminal, or shown as it is. Long lines wrap so that nothing is cut off. */
export function CodeBlock({
  text,
  label,
  copy = true,
  className,
}: {
  text: string
  /** names the block for screen readers */
  label: string
  copy?: boolean
  className?: string
}) {
  return (
    <figure
      aria-label={label}
      className={classNames('overflow-hidden rounded-xl border border-border bg-surface-muted', className)}
    >
      {copy && (
        <figcaption className="flex items-center justify-between gap-3 border-border border-b px-4 py-2 text-muted text-xs">
          {label}
          <CopyButton text={text} className="print:hidden" />
        </figcaption>
      )}
      <pre className="whitespace-pre-wrap wrap-anywhere px-4 py-3 font-mono text-[0.8125rem] leading-relaxed">
        <code>{text}</code>
      </pre>
    </figure>
  )
}
