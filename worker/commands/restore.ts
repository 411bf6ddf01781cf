import { runRestore } from '@/engine/run-restore'
import { Problem } from '@/protocol/problem'
import { restoreSpecSchema } from '@/protocol/specs'
import { endRestore, type InPlaceWish, restoreInPlace } from './in-place'
import { type NamedRestore, restoreNamed } from './restore-named'
import { type AloneOptions, readSpec, runAlone } from './run-alone'
import type { WorkerSettings } from './settings'

export type RestoreOptions = Partial<AloneOptions> & InPlaceWish & NamedRestore & { inPlace: boolean }

/** `talekeeper-worker restore`: as a spec or options say, or what a person wants of a restore in place. Returns the exit code. */
export async function restore(options: RestoreOptions, settings: WorkerSettings): Promise<number> {
  const { spec: file, json = false } = options
  if (options.remoteConfig !== undefined) {
    if (file ?? options.resume ?? options.rollBack ?? options.drop ?? (options.inPlace || undefined))
      throw new Problem({
        code: 'invalid-request',
        text: '--remote-config is for a new restore beside.',
        action: 'Leave out --spec, --in-place, --resume, --roll-back and --drop.',
      })
    return restoreNamed(options, json, settings)
  }
  if (file === undefined) {
    await endRestore(options, settings)
    return 0
  }
  if (options.resume ?? options.rollBack ?? options.drop)
    throw new Problem({ code: 'invalid-request', text: '--spec is for a new restore.', action: 'Leave it out.' })
  const alone = { spec: file, json }
  if (options.inPlace) return restoreInPlace(alone, settings)
  const spec = readSpec(file, restoreSpecSchema)
  return runAlone(alone, settings, spec.limits, (context) => runRestore(spec, context))
}
