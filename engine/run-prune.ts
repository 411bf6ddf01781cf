import { toProblemFacts } from '@/protocol/problem'
import type { PruneSpec } from '@/protocol/specs'
import { requireRemoteAllowed } from './check-policy'
import type { RunContext, RunOutcome } from './context'
import { ProgressMeter } from './progress-meter'
import { findInBox, removeFromTrash } from './remote/box-trash'
import { deleteBackup, ManifestFound } from './remote/delete-backup'
import { requireMarker } from './remote/instance-marker'
import { RemoteStore } from './remote/remote-store'
import { RunScope } from './run-scope'
import { requireTools } from './tools'

/** Deletes the listed backups and leftovers, each reported as `pruned`. One that is refused does not stop the others: `warning`. */
export async function runPrune(spec: PruneSpec, context: RunContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  try {
    return await scope.phase('delete', () => pruneAll(spec, context, scope))
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function pruneAll(spec: PruneSpec, context: RunContext, scope: RunScope): Promise<RunOutcome> {
  await requireRemoteAllowed(context.policy, spec.remote)
  await requireTools(scope.signal)
  const store = await RemoteStore.open(spec.remote, {
    temporaryFolder: context.temporaryFolder,
    signal: scope.signal,
    bytesPerSecond: null,
    log: (text) => context.report({ type: 'log', level: 'warn', text: text.slice(0, 4000) }),
  })
  scope.onClose(() => store.close())
  await requireMarker(store, spec.instance)

  const meter = new ProgressMeter(context)
  let outcome: RunOutcome = 'succeeded'
  for (const item of spec.items) {
    meter.begin('delete', item.folder)
    let isHalf = false
    try {
      const found = await findInBox(store, `${spec.instance.slug}/${item.folder}`)
      await deleteBackup(store, spec.instance, item, () => {
        isHalf = true
      })
      context.report({ type: 'pruned', backupId: item.backupId, problem: null })
      const stays = await removeFromTrash(found, scope.signal)
      if (stays) {
        outcome = 'warning'
        context.report({ type: 'log', level: 'warn', text: stays })
      }
    } catch (error) {
      scope.signal.throwIfAborted()
      outcome = 'warning'
      const found = error instanceof ManifestFound ? { manifestSha256: error.manifestSha256 } : {}
      const half = isHalf ? { isHalf } : {}
      context.report({ type: 'pruned', backupId: item.backupId, problem: toProblemFacts(error), ...found, ...half })
    }
  }
  return outcome
}
