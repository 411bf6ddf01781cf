import { CircleCheck, CircleX } from 'lucide-react'
import { formatBytes } from '@/components/format-bytes'
import { Card } from '@/components/ui/card'
import { classNames } from '@/components/ui/class-names'
import type { Comparison } from '@/protocol/events'

const shown = 200

/** Whether what was restored is what was backed up, in figures; and if not, where it differs. */
export function ComparisonCard({ comparison }: { comparison: Comparison }) {
  const identical =
    comparison.differenceCount === 0 &&
    comparison.entriesIdentical === comparison.entriesExpected &&
    comparison.namespacesIdentical === comparison.namespacesExpected
  const Icon = identical ? CircleCheck : CircleX
  return (
    <Card data-comparison={identical ? 'identical' : 'different'}>
      <div className="space-y-5">
        <div className="flex items-center gap-3">
          <Icon className={classNames('size-8 shrink-0', identical ? 'text-good' : 'text-bad')} aria-hidden />
          <div>
            <h2 className="font-semibold text-xl">{identical ? 'Identical' : 'Not identical'}</h2>
            <p className="text-muted text-sm">
              {identical
                ? 'Everything that was restored is, bit for bit, what was backed up.'
                : `${count(comparison.differenceCount, 'difference')} between the backup and what was restored.`}
            </p>
          </div>
        </div>
        <Figures comparison={comparison} />
        {comparison.refusedCount > 0 && (
          <Places
            title={`${count(comparison.refusedCount, 'entry', 'entries')} refused, which would have been written outside`}
            total={comparison.refusedCount}
            rows={comparison.refused.map(({ path, reason }) => ({ where: path, text: reason }))}
          />
        )}
        {comparison.differenceCount > 0 && (
          <Places title="Differences" total={comparison.differenceCount} rows={comparison.differences} />
        )}
      </div>
    </Card>
  )
}

function Figures({ comparison }: { comparison: Comparison }) {
  const figures = [
    {
      label: 'entries of files',
      value: comparison.entriesIdentical.toLocaleString('en-GB'),
      of: comparison.entriesExpected,
      isThere: comparison.entriesExpected > 0,
      isWhole: comparison.entriesIdentical === comparison.entriesExpected,
    },
    {
      label: 'collections',
      value: comparison.namespacesIdentical.toLocaleString('en-GB'),
      of: comparison.namespacesExpected,
      isThere: comparison.namespacesExpected > 0,
      isWhole: comparison.namespacesIdentical === comparison.namespacesExpected,
    },
    {
      label: 'documents compared',
      value: comparison.documentsCompared.toLocaleString('en-GB'),
      isThere: comparison.namespacesExpected > 0,
    },
    {
      label: 'of files compared',
      value: formatBytes(comparison.bytesCompared),
      isThere: comparison.entriesExpected > 0,
    },
  ].filter((figure) => figure.isThere)
  return (
    <dl className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      {figures.map((figure) => (
        <div key={figure.label} className="flex flex-col-reverse justify-end rounded-lg bg-surface-muted px-4 py-3">
          <dt className="text-muted text-sm">
            {figure.label}
            {figure.isWhole === true && ' identical'}
            {figure.isWhole === false && ` identical, of ${figure.of?.toLocaleString('en-GB')}`}
          </dt>
          <dd className={classNames('font-semibold text-2xl tabular-nums', figure.isWhole === false && 'text-bad')}>
            {figure.value}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Places({ title, total, rows }: { title: string; total: number; rows: { where: string; text: string }[] }) {
  const more = total - Math.min(shown, rows.length)
  return (
    <div>
      <h3 className="mb-2 font-medium text-sm">{title}</h3>
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={title}
        className="max-h-80 divide-y divide-border overflow-y-auto rounded-lg border border-border"
      >
        {rows.slice(0, shown).map((row) => (
          <li key={`${row.where} ${row.text}`} className="px-4 py-2 text-sm">
            <p className="break-all font-mono text-xs">{row.where}</p>
            <p className="text-muted">{row.text}</p>
          </li>
        ))}
        {more > 0 && <li className="px-4 py-2 text-muted text-sm">and {more.toLocaleString('en-GB')} more</li>}
      </ul>
    </div>
  )
}

function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString('en-GB')} ${amount === 1 ? one : many}`
}
