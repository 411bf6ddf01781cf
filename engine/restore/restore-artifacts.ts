import { extractMembers, extractTar } from '@/engine/files/extract-tar'
import { restoreMongodb } from '@/engine/mongodb/restore-mongodb'
import type { Comparison } from '@/protocol/events'
import { artifactBytes, type ChosenBackup, type RestorePlace, type RestoreRun, readerOf } from './restore-run'
import { makeArtifactFolder } from './scratch-place'
import { neededParts } from './select-entries'
import { walkSelected } from './walk-selected'
import { warnOfStripped } from './warn-of-stripped'

/** What the comparison must know of how the restore went. */
export type RestoredFacts = {
  refused: Comparison['refused']
  refusedCount: number
  /** raw paths as latin1 text, by artifact name */
  refusedPaths: Map<string, Set<string>>
  skippedNamespaces: string[]
}

export function nothingRestored(): RestoredFacts {
  return { refused: [], refusedCount: 0, refusedPaths: new Map(), skippedNamespaces: [] }
}

const mostRefused = 1000

/** Extracts the artifacts of a kind below the scratch folder. Members that would be written outside are refused and named. */
export async function restoreTrees(
  run: RestoreRun,
  place: RestorePlace,
  chosen: ChosenBackup,
  kind: 'files' | 'config',
  facts: RestoredFacts,
): Promise<void> {
  for (const artifact of chosen[kind]) {
    const selected = chosen.selected.get(artifact.name)
    const parts = neededParts(artifact, selected)
    run.meter.begin(
      kind,
      artifact.name,
      parts.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
    )
    const options = {
      folder: await makeArtifactFolder(run.spec.target, artifact),
      sameInstance: chosen.sameInstance,
      signal: run.scope.signal,
      log: run.log,
    }
    const result = selected
      ? await extractMembers(options, walkSelected(artifact, selected, readerOf(run, place)))
      : await extractTar({ ...options, tar: artifactBytes(run, place, artifact), progress: () => {} })
    facts.refused.push(...result.refused.slice(0, mostRefused - facts.refused.length))
    facts.refusedCount += result.refusedCount
    facts.refusedPaths.set(artifact.name, result.refusedPaths)
    warnOfStripped(run, result)
    run.log('info', `${artifact.name}: ${result.entries} entries extracted, ${result.refusedCount} refused.`)
  }
}

/** Restores every MongoDB archive into databases whose names begin with the target's prefix. */
export async function restoreArchives(
  run: RestoreRun,
  place: RestorePlace,
  chosen: ChosenBackup,
  facts: RestoredFacts,
): Promise<void> {
  const target = run.spec.target.mongodb
  if (!target) return
  run.made.databases = true
  for (const artifact of chosen.mongodb) {
    run.meter.begin('mongodb', artifact.name, artifact.rawBytes)
    const result = await restoreMongodb({
      archive: artifactBytes(run, place, artifact),
      connection: target.connection,
      databasePrefix: target.databasePrefix,
      namespaces: run.spec.selection?.namespaces ?? null,
      tools: target.tools,
      toolFolders: run.context.mongodbToolFolders,
      temporaryFolder: run.context.temporaryFolder,
      signal: run.scope.signal,
      warn: (warning) => run.warnings.add(warning),
      log: run.log,
      progress: () => {},
    })
    facts.skippedNamespaces.push(...result.skippedNamespaces)
    run.log('info', `${artifact.name}: ${result.documents} documents in ${result.namespaces} namespaces restored.`)
  }
}
