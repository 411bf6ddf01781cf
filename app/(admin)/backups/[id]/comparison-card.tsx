import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatBytes } from '@/components/format-bytes'
import { formatDuration } from '@/components/format-time'
import { Time } from '@/components/time'
import { Card } from '@/components/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '@/components/ui/table'
import type { Change } from '@/core/backups/backup-changes'
import type { BackupComparison } from '@/core/backups/get-backup-comparison'
import { changeWords } from './change-words'

const countOf = (value: number) => value.toLocaleString('en-GB')
const shownChanges = 10

/** What became more or less since the good backup of the plan before this one. */
export function ComparisonCard({ comparison: { previous, changes } }: { comparison: BackupComparison }) {
  const differing = [...changes.trees, ...changes.namespaces]
  /** what is not known of one of them is left out: it is neither new nor gone */
  const measures: [string, Change, (value: number) => string][] = [
    ['Documents', changes.documents, countOf],
    ['Files and folders', changes.entries, countOf],
    ['Size on the remote', changes.bytes, formatBytes],
    ['Size before compression', changes.rawBytes, formatBytes],
    ['Duration', changes.seconds, durationOf],
    ['Warnings', changes.warnings, countOf],
  ]
  return (
    <Card
      flush
      title="Compared with the one before"
      description={
        <>
          <Link href={`/backups/${previous.id}`} className="underline underline-offset-4">
            The good backup of this plan before it
          </Link>
          , <Time at={previous.finishedAt} />
        </>
      }
    >
      <Comparison caption="Compared with the backup before">
        {measures
          .filter(([, change]) => change.before !== null && change.now !== null)
          .map(([name, change, format]) => (
            <ChangeRow key={name} name={name} change={change} format={format} />
          ))}
      </Comparison>
      {differing.length > 0 && (
        <details className="border-border border-t">
          <summary className="w-fit px-5 py-3 font-medium text-sm">
            {differing.length === 1
              ? '1 tree or collection changed its number'
              : `${countOf(differing.length)} trees and collections changed their number`}
          </summary>
          <Comparison caption="Trees and collections that changed their number of entries or documents">
            {differing.slice(0, shownChanges).map((change) => (
              <ChangeRow key={change.name} name={<Name text={change.name} />} change={change} format={countOf} />
            ))}
          </Comparison>
          {differing.length > shownChanges && (
            <p className="px-5 pb-4 text-muted text-sm">
              The {shownChanges} that changed most, of {countOf(differing.length)}.
            </p>
          )}
        </details>
      )}
    </Card>
  )
}

function Comparison({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <Table caption={caption}>
      <TableHead>
        <TableHeader>What</TableHeader>
        <TableHeader className="text-right">Before</TableHeader>
        <TableHeader className="text-right">Now</TableHeader>
        <TableHeader className="text-right">Change</TableHeader>
      </TableHead>
      <TableBody>{children}</TableBody>
    </Table>
  )
}

function ChangeRow({ name, change, format }: { name: ReactNode; change: Change; format: (value: number) => string }) {
  const { before, now } = change
  return (
    <TableRow>
      <TableCell className="font-medium">{name}</TableCell>
      <TableCell label="Before" className="text-right tabular-nums">
        {before === null ? <Absent /> : format(before)}
      </TableCell>
      <TableCell label="Now" className="text-right tabular-nums">
        {now === null ? <Absent /> : format(now)}
      </TableCell>
      <TableCell label="Change" className="text-right tabular-nums">
        {changeWords(change, format)}
      </TableCell>
    </TableRow>
  )
}

const Name = ({ text }: { text: string }) => <span className="break-all font-mono text-xs">{text}</span>

const Absent = () => <span className="text-muted">–</span>

const durationOf = (seconds: number) => (seconds < 1 ? '< 1 s' : formatDuration(seconds))
