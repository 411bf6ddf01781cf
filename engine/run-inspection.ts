import type { InspectionSpec } from '@/protocol/specs'
import type { InspectionContext, RunOutcome } from './context'
import { handInManifests } from './inspection/hand-in-manifests'
import { openInspection } from './inspection/inspection-run'
import { listInstance } from './inspection/list-instance'
import { readBack } from './inspection/read-back'
import { RunScope } from './run-scope'

/**
 * Looks at a remote and changes nothing there. Throws a Problem or the signal's reason when it could not look to the end; what was
 * judged by then stays judged, and of the rest nothing is said. `warning`: a backup has faults.
 */
export async function runInspection(spec: InspectionSpec, context: InspectionContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  try {
    return await scope.phase('look', () => look(spec, context, scope))
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function look(spec: InspectionSpec, context: InspectionContext, scope: RunScope): Promise<RunOutcome> {
  switch (spec.kind) {
    case 'listing':
      return listInstance(await openInspection(spec, context, scope))
    case 'readBack':
      return readBack(await openInspection(spec, context, scope))
    case 'adoption':
      return handInManifests(await openInspection(spec, context, scope))
  }
}
