import type { RestoreSpec } from '@/protocol/specs'
import type { RunContext, RunOutcome } from './context'
import { chooseBackup, requireRoomBeside } from './restore/choose-backup'
import { compareRestore, isDifference } from './restore/compare-restore'
import { fixUpBeside } from './restore/fix-ups/fix-up-restored'
import { connectTo } from './restore/in-place/connection-file'
import { preflight } from './restore/preflight'
import { nothingRestored, restoreArchives, restoreTrees } from './restore/restore-artifacts'
import { reconcileRestored, scratchRoots } from './restore/reconcile/reconcile-restored'
import { type ChosenBackup, RestoreRun } from './restore/restore-run'
import { makeScratchFolder, removeMadePlace } from './restore/scratch-place'
import { RunScope } from './run-scope'

/**
 * Restores chosen artifacts of a backup into a scratch place and compares them with the manifest. Throws a Problem or the
 * signal's reason; then the scratch place is removed again. Not so after `not-identical`: what came back may be all there is.
 */
export async function runRestore(spec: RestoreSpec, context: RunContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  const run = new RestoreRun(spec, context, scope)
  const facts = nothingRestored()
  try {
    const place = await scope.phase('preflight', () => preflight(run))
    const chosen = await scope.phase('fetch', () => chooseBackup(run, place))
    const { files, config, mongodb } = chosen
    await requireRoomBeside(run, chosen)
    await makeScratchFolder(run)
    await scope.phaseIf(files.length > 0, 'files', () => restoreTrees(run, place, chosen, 'files', facts))
    await scope.phaseIf(config.length > 0, 'config', () => restoreTrees(run, place, chosen, 'config', facts))
    await scope.phaseIf(mongodb.length > 0, 'mongodb', () => restoreArchives(run, place, chosen, facts))
    await scope.phase('compare', () => compareRestore(run, place, chosen, facts))
    await finishDatabases(run, chosen)
    return facts.refusedCount > 0 || run.warnings.count > 0 ? 'warning' : 'succeeded'
  } catch (error) {
    const reason = scope.endedBy(error)
    if (!isDifference(reason)) await removeMadePlace(run)
    throw reason
  } finally {
    context.report({ type: 'fetched', ...run.fetched })
    await scope.close()
  }
}

/** After the comparison, since it changes what was restored. */
async function finishDatabases(run: RestoreRun, chosen: ChosenBackup): Promise<void> {
  const { fixUps, target } = run.spec
  if (!target.mongodb || chosen.mongodb.length === 0) return
  const server = await connectTo(target.mongodb.connection)
  try {
    const { databasePrefix } = target.mongodb
    if (fixUps) await fixUpBeside(run, fixUps, { server, databasePrefix })
    const databases = new Set(chosen.mongodb.flatMap(({ namespaces }) => namespaces.map(({ database }) => database)))
    const restored = [...databases].map((name) => databasePrefix + name)
    await reconcileRestored(run, { server, databases: restored, roots: scratchRoots(run, chosen) })
  } finally {
    await server.close()
  }
}
