import { requireRemoteAllowed } from '@/engine/check-policy'
import type { InspectionContext } from '@/engine/context'
import { ProgressMeter } from '@/engine/progress-meter'
import { requireMarker, requireNoStranger } from '@/engine/remote/instance-marker'
import { RemoteStore } from '@/engine/remote/remote-store'
import type { RunScope } from '@/engine/run-scope'
import { requireTools } from '@/engine/tools'
import type { ProblemFacts } from '@/protocol/problem'
import type { InspectionSpec } from '@/protocol/specs'

/** What a look works with. */
export type InspectionRun<Kind extends InspectionSpec['kind'] = InspectionSpec['kind']> = {
  spec: Extract<InspectionSpec, { kind: Kind }>
  context: InspectionContext
  scope: RunScope
  store: RemoteStore
  meter: ProgressMeter
  log: (level: 'info' | 'warn', text: string) => void
}

/** Opens the remote, and makes sure that the instance's folder is there and its own: one that is away is never taken for empty. */
export async function openInspection<Spec extends InspectionSpec>(
  spec: Spec,
  context: InspectionContext,
  scope: RunScope,
) {
  await requireRemoteAllowed(context.policy, spec.remote)
  await requireTools(scope.signal)
  const log = (level: 'info' | 'warn', text: string) =>
    context.report({ type: 'log', level, text: text.slice(0, 4000) })
  const store = await RemoteStore.open(spec.remote, {
    temporaryFolder: context.temporaryFolder,
    signal: scope.signal,
    bytesPerSecond: spec.limits.bytesPerSecond,
    log: (text) => log('warn', text),
  })
  scope.onClose(() => store.close())
  const expectsNothing = spec.kind === 'listing' && spec.backups.length === 0
  await (expectsNothing ? requireNoStranger : requireMarker)(store, spec.instance)
  return { spec, context, scope, store, meter: new ProgressMeter(context), log }
}

/**
 * Reports what is wrong with a backup, or that nothing is. Before anything is called wrong, the marker is read once more: a disk
 * that was unmounted or an account that was locked meanwhile says nothing of the backup. True when it is whole.
 */
export async function judge(
  {
    spec,
    context,
    store,
    log,
  }: Pick<InspectionRun, 'context' | 'store' | 'log'> & { spec: Pick<InspectionSpec, 'instance'> },
  backup: { backupId: string; folder: string },
  faults: ProblemFacts[],
): Promise<boolean> {
  if (faults.length > 0) await requireMarker(store, spec.instance)
  for (const { text } of faults) log('warn', `${backup.folder}: ${text}`)
  context.report({ type: 'judged', backupId: backup.backupId, faults: faults.slice(0, 100) })
  return faults.length === 0
}
