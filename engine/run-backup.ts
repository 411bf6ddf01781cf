import type { BackupSpec } from '@/protocol/specs'
import { BackupRun } from './backup/backup-run'
import { askToComplete, handOver, verifyFolder, writeManifest } from './backup/complete-backup'
import { preflight } from './backup/preflight'
import { writeMongodb, writeTrees } from './backup/write-artifacts'
import type { BackupContext, RunOutcome } from './context'
import { RunScope } from './run-scope'

/**
 * One backup, from nothing to a folder with a manifest; or, where several workers make it, this one's share of that. Throws a Problem when it failed, or the signal's reason; whatever it
 * has uploaded by then stays in the reported folder, without a manifest, for the tracked clean-up.
 */
export async function runBackup(spec: BackupSpec, context: BackupContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  const run = new BackupRun(spec, context, scope)
  const { sources } = run
  try {
    const place = await scope.phase('preflight', () => preflight(run))
    await scope.phaseIf(sources.mongodb.length > 0, 'mongodb', () => writeMongodb(run, place))
    await scope.phaseIf(sources.trees.length > 0, 'files', () => writeTrees(run, place, 'files', sources.trees))
    await scope.phaseIf(sources.config.length > 0, 'config', () => writeTrees(run, place, 'config', sources.config))
    await scope.phase('verify', () => verifyFolder(run, place))
    if (!spec.share.completes) return await handOver(run, place)
    const manifest = await scope.phase('go', () => askToComplete(run, place))
    return await scope.phase('manifest', () => writeManifest(run, place, manifest))
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}
