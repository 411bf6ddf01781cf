import { Card } from '@/components/ui/card'
import type { Warning } from '@/protocol/events'

const shown = 100

/** The first warnings, and how many there are in all. */
export function WarningsCard({ warnings, count }: { warnings: Warning[]; count: number }) {
  const listed = warnings.slice(0, shown)
  const more = count - listed.length
  return (
    <Card
      flush
      title={count === 1 ? '1 warning' : `${count.toLocaleString('en-GB')} warnings`}
      description="Files that change while they are read are normal on a living system; the backup protects all the same."
    >
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Warnings"
        className="max-h-96 divide-y divide-border overflow-y-auto"
      >
        {listed.map((warning, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: warnings have no id, and the list never changes its order
          <li key={index} className="px-5 py-2.5 text-sm">
            <p className="break-words">
              {warning.source && <span className="font-medium">{warning.source}: </span>}
              {warning.text}
            </p>
            {warning.where && <p className="break-all font-mono text-muted text-xs">{warning.where}</p>}
          </li>
        ))}
        {more > 0 && (
          <li className="px-5 py-2.5 text-muted text-sm">and {more.toLocaleString('en-GB')} more: see the log</li>
        )}
      </ul>
    </Card>
  )
}
