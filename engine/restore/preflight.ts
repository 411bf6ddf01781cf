import { requireMongodbAllowed, requireRemoteAllowed, requireRestoreAllowed } from '@/engine/check-policy'
import { Spool } from '@/engine/parts/spool'
import { checkMarker } from '@/engine/remote/instance-marker'
import { fewAttempts, RemoteStore } from '@/engine/remote/remote-store'
import { requireTools } from '@/engine/tools'
import { requireAbsent } from './require-absent'
import { requireFreePrefix } from './require-free-prefix'
import type { RestorePlace, RestoreRun } from './restore-run'

/** Finds out what can be known before the manifest is read: policy, tools, an absent target, a remote that answers. */
export async function preflight(run: RestoreRun): Promise<RestorePlace> {
  const { spec, context, scope } = run
  await requireRemoteAllowed(context.policy, spec.remote)
  await requireRestoreAllowed(context.policy, spec.target.folder)
  if (spec.target.mongodb) requireMongodbAllowed(context.policy)
  await requireTools(scope.signal)
  await requireAbsent(spec.target.folder)
  await requireFreePrefix(spec.target, scope.signal)

  return openPlace(run)
}

/** Opens the remote and a spool; both are closed with the run. */
export async function openPlace(run: RestoreRun): Promise<RestorePlace> {
  const { spec, context, scope } = run
  const store = await RemoteStore.open(spec.remote, {
    temporaryFolder: context.temporaryFolder,
    signal: scope.signal,
    bytesPerSecond: spec.limits.bytesPerSecond,
    log: (text) => run.log('warn', text),
  })
  scope.onClose(() => store.close())
  const hasMarker = await checkMarker(store.withAttempts(fewAttempts), spec.backup.instance)
  if (!hasMarker)
    run.warnings.add({
      code: 'marker-missing',
      text: 'The instance’s folder on the remote has no .talekeeper.json; the manifest alone says whose backup this is.',
    })
  const spool = await Spool.open(context.spoolFolder, 'parts', scope.signal)
  scope.onClose(() => spool.close())
  return { store, spool }
}
