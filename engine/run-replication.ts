import type { ReplicationSpec } from '@/protocol/specs'
import type { ReplicationContext, RunOutcome } from './context'
import { completeCopy, verifyCopy } from './replication/complete-copy'
import { copyParts } from './replication/copy-parts'
import { openReplication } from './replication/replication-run'
import { RunScope } from './run-scope'

/**
 * Copies a backup from one remote to another, as it is, into the folder of the same name. Throws a Problem or the signal's reason
 * when it could not; what was copied by then stays in the reported folder, without a manifest, and is not sent again by the next try.
 */
export async function runReplication(spec: ReplicationSpec, context: ReplicationContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  try {
    const run = await scope.phase('preflight', () => openReplication(spec, context, scope))
    const checks = await scope.phase('parts', async () => {
      const found = await copyParts(run)
      await verifyCopy(run)
      return found
    })
    await scope.phase('go', () => context.requestCopyGo(spec.backup.manifestSha256))
    await scope.phase('manifest', () => completeCopy(run, checks))
    return 'succeeded'
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}
