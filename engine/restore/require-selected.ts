import { isOfSystem } from '@/engine/mongodb/restore-target'
import type { ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { isWanted, type Selection } from '@/protocol/selection'
import type { ChosenBackup } from './restore-run'

/** All that the selection speaks of must be there: nobody is to believe that something was restored which the backup does not have. */
export function requireSelected(selection: Selection | null, artifacts: ManifestArtifact[]): void {
  for (const { artifact } of selection?.paths ?? [])
    if (!artifacts.some(({ name, kind }) => name === artifact && (kind === 'files' || kind === 'config')))
      throw new Problem({
        code: 'artifact-unknown',
        text: `Files of ${artifact} were chosen, but it is not among the artifacts to restore, or holds no files.`,
        action: 'Choose again out of the files of this backup.',
        where: artifact,
      })
  const namespaces = artifacts.flatMap((artifact) => (artifact.kind === 'mongodb' ? artifact.namespaces : []))
  for (const choice of selection?.namespaces ?? [])
    if (!namespaces.some((namespace) => !isOfSystem(namespace) && isWanted(namespace, [choice])))
      throw new Problem({
        code: 'namespace-unknown',
        text: `This backup has no ${choice.collection === null ? 'database' : 'collection'} of that name, or it is one of MongoDB’s own, which are not restored beside.`,
        action: 'Choose out of the databases and collections of this backup.',
        where: choice.collection === null ? choice.database : `${choice.database}.${choice.collection}`,
      })
}

/** Two archives that hold a database of the same name would be restored into one. */
export function requireDistinctDatabases(chosen: Pick<ChosenBackup, 'mongodb'>, selection: Selection | null): void {
  const owners = new Map<string, string>()
  for (const artifact of chosen.mongodb)
    for (const namespace of artifact.namespaces) {
      if (!isWanted(namespace, selection?.namespaces ?? null)) continue
      const { database } = namespace
      const owner = owners.get(database)
      if (owner !== undefined && owner !== artifact.name)
        throw new Problem({
          code: 'databases-collide',
          text: `${owner} and ${artifact.name} both hold a database named ${database}.`,
          action: 'Restore them one after the other, each with a prefix of its own.',
          where: database,
        })
      owners.set(database, artifact.name)
    }
}
