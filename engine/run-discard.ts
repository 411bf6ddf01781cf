import type { DiscardSpec } from '@/protocol/specs'
import { requireMongodbAllowed, requireRestoreAllowed } from './check-policy'
import type { RunContext, RunOutcome } from './context'
import { removeScratchPlace } from './restore/scratch-place'
import { RunScope } from './run-scope'

/** Removes a scratch place: its folder, and the databases with its prefix. The caller has made sure that it is one. */
export async function runDiscard(spec: DiscardSpec, context: RunContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  try {
    await scope.phase('delete', async () => {
      await requireRestoreAllowed(context.policy, spec.target.folder)
      if (spec.target.mongodb) requireMongodbAllowed(context.policy)
      const dropped = await removeScratchPlace(spec.target, scope.signal)
      const databases = dropped.length > 0 ? ` and the databases ${dropped.join(', ')}` : ''
      context.report({ type: 'log', level: 'info', text: `Removed ${spec.target.folder}${databases}.`.slice(0, 4000) })
    })
    return 'succeeded'
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}
