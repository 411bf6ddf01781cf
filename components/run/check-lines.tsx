import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react'
import { classNames } from '@/components/ui/class-names'
import type { CheckLine } from '@/protocol/restore-check'

const looks = {
  green: { Icon: CircleCheck, tone: 'text-good', word: 'Good' },
  amber: { Icon: TriangleAlert, tone: 'text-warning', word: 'Look at this' },
  red: { Icon: CircleAlert, tone: 'text-bad', word: 'Stops the restore' },
} as const

/** What was found before a restore: good, to be accepted, or in its way. */
export function CheckLines({ lines }: { lines: CheckLine[] }) {
  return (
    <ul aria-label="What the check found" className="space-y-3">
      {lines.map((line) => (
        <Line key={`${line.name} ${line.text}`} line={line} />
      ))}
    </ul>
  )
}

function Line({ line: { name, level, text, action } }: { line: CheckLine }) {
  const { Icon, tone, word } = looks[level]
  return (
    <li className="flex gap-3 text-sm" data-line={name} data-level={level}>
      <Icon className={classNames('mt-0.5 size-4 shrink-0', tone)} aria-hidden />
      <div className="min-w-0">
        <p className="break-words">
          <span className="sr-only">{word}: </span>
          {text}
        </p>
        {action && <p className="break-words text-muted">{action}</p>}
      </div>
    </li>
  )
}
