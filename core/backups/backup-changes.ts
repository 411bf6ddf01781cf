import type { BackupSummary } from './summary'

/** What is compared of two backups; null where it is not known. */
export type BackupMeasures = {
  bytes: number
  rawBytes: number
  seconds: number | null
  warningCount: number
  summary: BackupSummary | null
}

export type Change = { name: string; before: number | null; now: number | null }

export type BackupChanges = {
  documents: Change
  /** files and folders of all trees */
  entries: Change
  bytes: Change
  rawBytes: Change
  seconds: Change
  warnings: Change
  /** collections whose number of documents is another, are new (`before` null) or gone (`now` null); what changed most first */
  namespaces: Change[]
  /** the same of directory trees, by entries */
  trees: Change[]
}

/** What became more or less since the backup before. Pure. */
export function changesBetween(before: BackupMeasures, now: BackupMeasures): BackupChanges {
  const both = (name: string, of: (measures: BackupMeasures) => number | null) => ({
    ...{ name, before: of(before), now: of(now) },
  })
  return {
    documents: both('documents', ({ summary }) => summary && sum(Object.values(summary.namespaces))),
    entries: both('entries', ({ summary }) => summary && sum(Object.values(summary.trees).map((tree) => tree.entries))),
    bytes: both('bytes', ({ bytes }) => bytes),
    rawBytes: both('rawBytes', ({ rawBytes }) => rawBytes),
    seconds: both('seconds', ({ seconds }) => seconds),
    warnings: both('warnings', ({ warningCount }) => warningCount),
    namespaces: differing(before.summary?.namespaces, now.summary?.namespaces),
    trees: differing(entriesOf(before.summary), entriesOf(now.summary)),
  }
}

type Counts = Record<string, number>

function differing(before: Counts | undefined, now: Counts | undefined): Change[] {
  if (!before || !now) return []
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .map((name) => ({ name, before: before[name] ?? null, now: now[name] ?? null }))
    .filter((change) => change.before !== change.now)
    .toSorted((a, b) => sizeOf(b) - sizeOf(a) || a.name.localeCompare(b.name))
}

/** What is gone or new counts most, however small: it is what one looks for. */
function sizeOf({ before, now }: Change): number {
  if (now === null) return Number.POSITIVE_INFINITY
  if (before === null) return Number.MAX_SAFE_INTEGER
  return Math.abs(now - before)
}

function entriesOf(summary: BackupSummary | null): Counts | undefined {
  return summary
    ? Object.fromEntries(Object.entries(summary.trees).map(([source, { entries }]) => [source, entries]))
    : undefined
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
