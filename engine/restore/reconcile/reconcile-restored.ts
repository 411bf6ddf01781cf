import { join } from 'node:path'
import { type DatabasePlace, listNamespaces } from '@/engine/restore/in-place/database-place'
import type { ChosenBackup, RestoreRun } from '@/engine/restore/restore-run'
import { artifactFolder } from '@/engine/restore/scratch-place'
import { reconcile } from './reconcile'

/** Every database of Girder has both. */
const ofGirder = ['setting', 'folder']

/**
 * Tells how Girder’s database and the trees fit together that were restored with it. Only where both were restored: else what is
 * absent would say nothing. It is a report: whatever goes wrong with it, a cancel among it, is a warning, since all was restored.
 */
export async function reconcileRestored(
  run: RestoreRun,
  restored: { server: Pick<DatabasePlace, 'listCollections' | 'readRaw'>; databases: string[]; roots: string[] },
): Promise<void> {
  const { server, databases, roots } = restored
  if (roots.length === 0) return
  try {
    for (const database of databases) {
      const collections = new Set((await listNamespaces(server, database)).keys())
      if (!ofGirder.every((name) => collections.has(name))) continue
      const found = await reconcile({ server, database, collections, roots, signal: run.scope.signal })
      run.log('info', `${database}: ${found.absentCount} of ${found.checked} named paths are absent.`)
      run.context.report({ type: 'reconciliation', reconciliation: found })
      return
    }
  } catch (error) {
    const text = error instanceof Error ? error.message : 'unknown error'
    run.warnings.add({
      code: 'not-reconciled',
      text: `It could not be told whether database and files fit: ${text}`.slice(0, 2000),
    })
  }
}

/** Where the trees lie that were restored whole beside. */
export function scratchRoots(run: RestoreRun, { files, selected }: ChosenBackup): string[] {
  return files
    .filter(({ name }) => !selected.has(name))
    .flatMap((artifact) => artifact.trees.map(({ prefix }) => join(artifactFolder(run.spec.target, artifact), prefix)))
}
