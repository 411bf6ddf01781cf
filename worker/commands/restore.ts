import { runRestore } from '@/engine/run-restore'
import { Problem } from '@/protocol/problem'
import { restoreSpecSchema } from '@/protocol/specs'
import type { Engine } from '@/worker/fileserver/station'
import { endRestore, type InPlaceWish, restoreInPlace } from './in-place'
import { type LinkOptions, restoreFromLink } from './restore-from-link'
import { type NamedRestore, restoreNamed } from './restore-named'
import { type AloneOptions, readSpec, runAlone } from './run-alone'
import type { WorkerSettings } from './settings'

export type RestoreOptions = Partial<AloneOptions> &
  InPlaceWish &
  NamedRestore &
  Omit<LinkOptions, 'fromLink'> & { fromLink?: string; inPlace: boolean }

/** `talekeeper-worker restore`: as a spec, options or a link say, or what a person wants of a restore in place. Returns the exit code. */
export async function restore(options: RestoreOptions, settings: WorkerSettings, engine: Engine): Promise<number> {
  const { spec: file, fromLink, json = false } = options
  if (fromLink !== undefined) {
    if (file ?? options.remoteConfig ?? options.resume ?? options.rollBack ?? options.drop ?? options.to)
      throw new Problem({
        code: 'invalid-request',
        text: 'What is restored, and where to, was chosen when the link was made.',
        action: 'Give --from-link with --allow options only.',
      })
    return restoreFromLink({ ...options, fromLink }, settings, engine)
  }
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
