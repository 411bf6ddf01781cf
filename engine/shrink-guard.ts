import { scratchDatabasePattern } from '@/protocol/names'
import type { Baseline } from '@/protocol/specs'

/** What the shrink guard compares: the same figures of this backup as the baseline holds of the last good one. */
export type BackupFigures = Pick<Baseline, 'namespaces' | 'trees' | 'changedFiles'>

/** A loss of more than this share is held, if it is also more than a trifle. */
const tolerableLoss = 0.2
const trifles = { documents: 100, entries: 100, bytes: 10 * 1024 * 1024 }
/** Files that change while they are read are normal; a jump beyond this is not. */
const tolerableChangedFactor = 10
const trifleChangedFiles = 100
const mostReasons = 100

/**
 * Reasons why retention must stop until a person accepts this backup: namespaces or trees that are gone, documents, entries or
 * bytes down, files that changed while read up, each beyond a bound. Without this a week of rubbish rotates out every good backup.
 */
export function findShrinkage(baseline: Baseline | null, figures: BackupFigures): string[] {
  if (!baseline) return []
  const reasons = [
    ...shrunkNamespaces(withoutScratch(baseline.namespaces), withoutScratch(figures.namespaces)),
    ...shrunkTrees(baseline.trees, figures.trees),
    ...jumpedChanges(baseline.changedFiles, figures.changedFiles),
  ]
  if (reasons.length <= mostReasons) return reasons
  return [...reasons.slice(0, mostReasons - 1), `… and ${reasons.length - mostReasons + 1} more.`]
}

/** What restores made beside comes and goes, and is nobody's loss. */
function withoutScratch(namespaces: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(namespaces).filter(([name]) => !scratchDatabasePattern.test(name)))
}

function shrunkNamespaces(before: Record<string, number>, now: Record<string, number>): string[] {
  const reasons: string[] = []
  for (const [name, documents] of Object.entries(before)) {
    const left = now[name]
    if (left === undefined) reasons.push(`Collection ${name} is gone; it had ${documents} documents.`)
    else if (isLoss(documents, left, trifles.documents))
      reasons.push(`Collection ${name} has ${left} documents; it had ${documents}.`)
  }
  const [total, totalLeft] = [sum(before), sum(now)]
  if (isLoss(total, totalLeft, trifles.documents))
    reasons.push(`All collections together have ${totalLeft} documents; they had ${total}.`)
  return reasons
}

function shrunkTrees(before: Baseline['trees'], now: Baseline['trees']): string[] {
  const reasons: string[] = []
  for (const [source, tree] of Object.entries(before)) {
    const left = now[source]
    if (!left) {
      reasons.push(`Source ${source} is not in this backup; it had ${tree.entries} entries.`)
      continue
    }
    if (isLoss(tree.entries, left.entries, trifles.entries))
      reasons.push(`Source ${source} has ${left.entries} entries; it had ${tree.entries}.`)
    if (isLoss(tree.bytes, left.bytes, trifles.bytes))
      reasons.push(`Source ${source} has ${left.bytes} bytes; it had ${tree.bytes}.`)
  }
  return reasons
}

function jumpedChanges(before: number, now: number): string[] {
  return now > before * tolerableChangedFactor && now > trifleChangedFiles
    ? [`${now} files changed while they were read; it was ${before}.`]
    : []
}

/** Emptied altogether counts as a loss however little it was, a little less never. */
function isLoss(before: number, now: number, trifle: number): boolean {
  if (before > 0 && now === 0) return true
  return before - now > trifle && before - now > before * tolerableLoss
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
