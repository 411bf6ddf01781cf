import { runRestore } from '@/engine/run-restore'
import { restoreSpecSchema } from '@/protocol/specs'
import { type AloneOptions, readSpec, runAlone } from './run-alone'
import type { WorkerSettings } from './settings'

/** `talekeeper-worker restore --spec FILE`: into a scratch place, compared with the manifest. Returns the exit code. */
export async function restore(options: AloneOptions, settings: WorkerSettings): Promise<number> {
  const spec = readSpec(options.spec, restoreSpecSchema)
  return runAlone(options, settings, spec.limits, (context) => runRestore(spec, context))
}
