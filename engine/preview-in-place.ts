import { rm } from 'node:fs/promises'
import type { RestorePreview, TreePreview } from '@/protocol/restore-preview'
import type { InPlaceSpec } from '@/protocol/specs'
import { mostNamed } from '@/protocol/restore-preview'
import { readIndex } from '@/protocol/read-index'
import type { InPlaceContext, RunContext } from './context'
import { readMountPoints } from './files/mount-points'
import { choicesOf, chooseInPlace, preflightInPlace } from './restore/in-place/choose-in-place'
import { connectTo } from './restore/in-place/connection-file'
import { findGrounds, type SourceGround } from './restore/in-place/grounds'
import type { InPlaceRun } from './restore/in-place/in-place-run'
import { previewCollections } from './restore/preview/preview-collections'
import { previewSettings } from './restore/preview/preview-settings'
import { previewTree } from './restore/preview/preview-tree'
import { artifactBytes, type ChosenBackup, type RestorePlace } from './restore/restore-run'
import { selectEntries, selectedIndex } from './restore/select-entries'
import { lookingRun } from './restore-check/in-place'
import { RunScope } from './run-scope'

/**
 * Counts what a restore in place would change, out of the backup's index and manifest and what stands there now. Changes nothing, and
 * reads no content of files. Throws a Problem or the signal's reason.
 */
export async function previewInPlace(
  spec: InPlaceSpec,
  context: RunContext & Pick<InPlaceContext, 'inPlaceFolder'>,
): Promise<RestorePreview> {
  const scope = new RunScope(context)
  const run = lookingRun(spec, context, scope)
  try {
    const place = await preflightInPlace(run)
    const chosen = await chooseInPlace(run, place)
    const mountPoints = await readMountPoints()
    const trees: TreePreview[] = []
    for (const ground of (await findGrounds(spec, chosen, mountPoints)).slice(0, mostNamed.trees))
      trees.push(await previewGround(run, place, { chosen, ground, mountPoints }))
    return { trees, ...(await previewDatabases(run, chosen)) }
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await run.close()
    await scope.close()
  }
}

async function previewGround(
  { restore, scope }: InPlaceRun,
  place: RestorePlace,
  { chosen, ground, mountPoints }: { chosen: ChosenBackup; ground: SourceGround; mountPoints: string[] },
): Promise<TreePreview> {
  const { from: artifact, members } = ground
  const indexArtifact = chosen.indexes.get(artifact.name)
  if (!indexArtifact) throw new Error(`${artifact.name} has no index`)
  const known = chosen.selected.get(artifact.name)
  if (known) await rm(known.file, { force: true })
  restore.meter.begin('compare', artifact.name, indexArtifact.rawBytes)
  const tree = members ? await selectEntries(restore, place, artifact, indexArtifact, members) : undefined
  const index = tree
    ? selectedIndex(artifact, tree)
    : readIndex(artifactBytes(restore, place, indexArtifact), indexArtifact.name)
  const found = await previewTree({
    ...{ ground, index: ground.moved.entries(index), mountPoints },
    ...{ sameInstance: chosen.sameInstance, signal: scope.signal },
  })
  if (tree) await rm(tree.file, { force: true })
  return { artifact: artifact.name, kind: artifact.kind, ...found }
}

async function previewDatabases(
  { spec, scope }: InPlaceRun,
  chosen: ChosenBackup,
): Promise<Omit<RestorePreview, 'trees'>> {
  const { mongodb } = spec.target
  if (!mongodb || chosen.mongodb.length === 0)
    return { counts: { added: 0, changed: 0, removed: 0, same: 0 }, collections: [], settings: [] }
  const server = await connectTo(mongodb.connection)
  try {
    const choices = choicesOf(chosen, spec)
    const settings = spec.fixUps ? await previewSettings(server, spec.fixUps, choices) : []
    return { ...(await previewCollections(server, choices, scope.signal)), settings }
  } finally {
    await server.close()
  }
}
