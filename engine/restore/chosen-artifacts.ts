import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { RestoreOrder } from '@/protocol/specs'

/** The artifacts to restore. Without a MongoDB to restore to, and none chosen by name, archives are left out. Throws a Problem. */
export function chosenArtifacts(
  { artifacts: names, target }: Pick<RestoreOrder, 'artifacts' | 'target'>,
  manifest: Manifest,
): ManifestArtifact[] {
  const content = manifest.artifacts.filter((artifact) => artifact.kind !== 'index')
  const unknown = names?.find((name) => !content.some((artifact) => artifact.name === name))
  if (unknown !== undefined)
    throw new Problem({
      code: 'artifact-unknown',
      text: `This backup has no artifact ${unknown}.`,
      action: `Choose from: ${content.map((artifact) => artifact.name).join(', ')}.`.slice(0, 2000),
      where: unknown,
    })
  const wanted = content.filter((artifact) => names === null || names.includes(artifact.name))
  if (target.mongodb) return wanted
  const database = wanted.find((artifact) => artifact.kind === 'mongodb')
  if (database && names !== null)
    throw new Problem({
      code: 'no-mongodb-target',
      text: `${database.name} was chosen, but no MongoDB server to restore it to.`,
      action: 'Name a MongoDB server for the restore, or choose other artifacts.',
      where: database.name,
    })
  return wanted.filter((artifact) => artifact.kind !== 'mongodb')
}
