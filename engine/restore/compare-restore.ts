import { compareTree } from '@/engine/files/compare-tree'
import { compareMongodb } from '@/engine/mongodb/compare-mongodb'
import type { Comparison } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { readIndex } from '@/protocol/read-index'
import { isWanted } from '@/protocol/selection'
import type { RestoredFacts } from './restore-artifacts'
import { artifactBytes, type ChosenBackup, type RestorePlace, type RestoreRun } from './restore-run'
import { artifactFolder } from './scratch-place'
import { selectedIndex } from './select-entries'

const mostDifferences = 1000
const differenceCode = 'not-identical'

/** Whether a restore ended because it differs, all of it being there. */
export function isDifference(reason: unknown): boolean {
  return reason instanceof Problem && reason.code === differenceCode
}

/**
 * Compares what was restored with the manifest: every tree entry against the index, every namespace by count and digest. The
 * figures are reported whatever they are. Throws Problem `not-identical` when anything differs.
 */
export async function compareRestore(
  run: RestoreRun,
  place: RestorePlace,
  chosen: ChosenBackup,
  facts: RestoredFacts,
): Promise<void> {
  const comparison = { ...nothingCompared(), refused: facts.refused, refusedCount: facts.refusedCount }
  await compareTrees(run, place, chosen, facts, comparison)
  await compareDatabases(run, chosen, facts, comparison)
  run.context.report({ type: 'comparison', comparison })
  requireIdentical(comparison)
}

export function nothingCompared(): Comparison {
  return {
    entriesExpected: 0,
    entriesIdentical: 0,
    bytesCompared: 0,
    namespacesExpected: 0,
    namespacesIdentical: 0,
    documentsCompared: 0,
    refused: [],
    refusedCount: 0,
    differences: [],
    differenceCount: 0,
  }
}

/** Throws Problem `not-identical` when anything differs. */
export function requireIdentical(comparison: Comparison): void {
  if (comparison.differenceCount === 0) return
  const [first] = comparison.differences
  throw new Problem({
    code: differenceCode,
    text: `${comparison.differenceCount} differences between the backup and what was restored${first ? `, the first: ${first.text}` : ''}`.slice(
      0,
      2000,
    ),
    action: 'Look at the differences in the result, and restore another backup if this one cannot be trusted.',
    ...(first ? { where: first.where.slice(0, 1000) } : {}),
  })
}

async function compareTrees(
  run: RestoreRun,
  place: RestorePlace,
  chosen: ChosenBackup,
  facts: RestoredFacts,
  comparison: Comparison,
): Promise<void> {
  for (const artifact of [...chosen.files, ...chosen.config]) {
    const index = chosen.indexes.get(artifact.name)
    if (!index) throw new Error(`${artifact.name} has no index`)
    const selected = chosen.selected.get(artifact.name)
    run.meter.begin('compare', artifact.name, selected?.bytes ?? artifact.rawBytes)
    const result = await compareTree({
      folder: artifactFolder(run.spec.target, artifact),
      index: selected ? selectedIndex(artifact, selected) : readIndex(artifactBytes(run, place, index), index.name),
      refused: facts.refusedPaths.get(artifact.name) ?? new Set(),
      sameInstance: chosen.sameInstance,
      signal: run.scope.signal,
      progress: countingUp(run),
    })
    comparison.entriesExpected += result.entriesExpected
    comparison.entriesIdentical += result.entriesIdentical
    comparison.bytesCompared += result.bytesCompared
    addDifferences(comparison, result)
  }
}

async function compareDatabases(
  run: RestoreRun,
  chosen: ChosenBackup,
  facts: RestoredFacts,
  comparison: Comparison,
): Promise<void> {
  const target = run.spec.target.mongodb
  if (!target) return
  for (const artifact of chosen.mongodb) {
    run.meter.begin('compare', artifact.name, artifact.rawBytes)
    const result = await compareMongodb({
      connection: target.connection,
      databasePrefix: target.databasePrefix,
      namespaces: artifact.namespaces.filter((namespace) =>
        isWanted(namespace, run.spec.selection?.namespaces ?? null),
      ),
      skippedNamespaces: facts.skippedNamespaces,
      signal: run.scope.signal,
      progress: countingUp(run),
    })
    comparison.namespacesExpected += result.namespacesExpected
    comparison.namespacesIdentical += result.namespacesIdentical
    comparison.documentsCompared += result.documentsCompared
    addDifferences(comparison, result)
  }
}

/** The engines tell all bytes so far; the meter wants what came since. */
function countingUp(run: RestoreRun): (doneBytes: number) => void {
  let before = 0
  return (doneBytes) => {
    run.meter.add(doneBytes - before)
    before = doneBytes
  }
}

function addDifferences(comparison: Comparison, result: Pick<Comparison, 'differences' | 'differenceCount'>): void {
  const room = mostDifferences - comparison.differences.length
  comparison.differences.push(...result.differences.slice(0, room))
  comparison.differenceCount += result.differenceCount
}
