import { requireInPlaceAllowed, requireMongodbAllowed, requireRemoteAllowed } from '@/engine/check-policy'
import { isRestored } from '@/engine/mongodb/restore-target'
import { chooseBackup } from '@/engine/restore/choose-backup'
import { openPlace } from '@/engine/restore/preflight'
import type { ChosenBackup, RestorePlace } from '@/engine/restore/restore-run'
import { requireTools } from '@/engine/tools'
import { Problem } from '@/protocol/problem'
import { isBeside } from './collection-names'
import type { InPlaceRun } from './in-place-run'
import { writersOf } from './writers'

/** Finds out what can be known before the manifest is read. */
export async function preflightInPlace(run: InPlaceRun): Promise<RestorePlace> {
  const { spec, context, scope } = run
  await requireRemoteAllowed(context.policy, spec.remote)
  if (!context.policy.inPlaceRestore) await requireInPlaceAllowed(context.policy, '/')
  if (spec.target.mongodb) requireMongodbAllowed(context.policy)
  if (spec.target.writers === 'command') writersOf(context.policy)
  await requireTools(scope.signal)
  return openPlace(run.restore)
}

/**
 * What of the backup this worker can put in place: what it made itself, or in the instance that was backed up its namesake. Where a
 * single worker made all of another instance's backup, that one. Configuration only when it was named.
 */
export async function chooseInPlace(run: InPlaceRun, place: RestorePlace): Promise<ChosenBackup> {
  const { spec } = run
  const all = await chooseBackup(run.restore, place)
  const maker = makerOf(all, spec.worker.slug)
  const isOurs = ({ name, worker }: { name: string; worker: string }) => {
    if (worker === maker) return true
    if (!spec.artifacts?.includes(name)) return false
    throw new Problem({
      code: 'other-worker',
      text: `${name} was made by the worker “${worker}”, and in place only one of that name can restore it.`,
      action: 'Choose that worker for this restore.',
      where: name,
    })
  }
  const chosen: ChosenBackup = {
    ...all,
    files: all.files.filter(isOurs),
    config: all.config.filter((artifact) => spec.artifacts?.includes(artifact.name) && isOurs(artifact)),
    mongodb: all.mongodb.filter(isOurs),
  }
  if (chosen.files.length + chosen.config.length + chosen.mongodb.length === 0) throw nothingChosen()
  if (chosen.mongodb.length > 1)
    throw new Problem({
      code: 'several-servers',
      text: 'The backup holds several MongoDB servers of this worker.',
      action: 'Choose one of them for a restore in place, and the others after it.',
    })
  return chosen
}

/** What of a whole backup stays out, each with the reason: nobody who asks for everything is to think that all of it came back. */
export function leftOut(chosen: ChosenBackup, { artifacts, target, worker }: InPlaceRun['spec']): string[] {
  if (artifacts !== null) return []
  const taken = [...chosen.files, ...chosen.config, ...chosen.mongodb].map(({ name }) => name)
  const maker = makerOf(chosen, worker.slug)
  return chosen.manifest.artifacts.flatMap((artifact) => {
    const { kind, name } = artifact
    if (kind === 'index' || taken.includes(name) || (kind === 'mongodb' && target.mongodb === null)) return []
    if (artifact.worker === maker) return [`${name} (configuration: only when it is chosen by name)`]
    return [`${name} (made by the worker “${artifact.worker}”, which has to restore it)`]
  })
}

/** Whose hosts are alike: a worker of one name has one role in every instance. */
function makerOf({ sameInstance, manifest }: ChosenBackup, slug: string): string {
  const makers = new Set(manifest.artifacts.map(({ worker }) => worker))
  const [only] = makers
  return !sameInstance && makers.size === 1 && only !== undefined ? only : slug
}

/** The databases of which anything is restored. */
export function databasesOf(chosen: ChosenBackup, { selection }: InPlaceRun['spec']): string[] {
  const namespaces = chosen.mongodb.flatMap((artifact) => artifact.namespaces)
  const wanted = namespaces.filter((one) => isRestored(one, { namespaces: selection?.namespaces ?? null }))
  return [...new Set(wanted.map(({ database }) => database))].sort()
}

/** What of each of these databases is concerned. */
export function choicesOf(chosen: ChosenBackup, spec: InPlaceRun['spec']) {
  const wanted = spec.selection?.namespaces ?? null
  const restored = chosen.mongodb
    .flatMap((artifact) => artifact.namespaces)
    .filter((one) => isRestored(one, { namespaces: wanted }))
    .filter(({ collection }) => !isBeside(collection) && !collection.startsWith('system.'))
  return databasesOf(chosen, spec).map((database) => ({
    database,
    isWhole: wanted === null || wanted.some((one) => one.database === database && one.collection === null),
    namespaces: restored.filter((one) => one.database === database),
  }))
}

function nothingChosen(): Problem {
  return new Problem({
    code: 'nothing-chosen',
    text: 'Nothing of this backup is for this worker to restore in place.',
    action: 'Choose the worker that made it. Configuration files are only restored when they are chosen by name.',
  })
}
