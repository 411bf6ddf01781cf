import { archiveTrees } from '@/engine/files/archive-trees'
import { dumpMongodb } from '@/engine/mongodb/dump-mongodb'
import type { ConfigSource, MongodbSource, TreeSource } from '@/protocol/sources'
import {
  addArtifact,
  artifactName,
  type BackupPlace,
  type BackupRun,
  baseFacts,
  openBackupArtifact,
} from './backup-run'
import { IndexWriter } from './index-writer'

/** An index is small beside its artifact: so much room is found for a part of it. */
const indexReservedBytes = 16 * 1024 * 1024

/** Dumps every MongoDB source into an archive of its own. */
export async function writeMongodb(run: BackupRun, place: BackupPlace): Promise<void> {
  for (const source of run.sources.mongodb) await writeArchive(run, place, source)
}

async function writeArchive(run: BackupRun, place: BackupPlace, source: MongodbSource): Promise<void> {
  const probe = place.probes.get(source.slug)
  if (!probe) throw new Error(`the source ${source.slug} was not probed`)
  run.meter.begin('mongodb', source.slug)
  const sink = openBackupArtifact(run, place, artifactName(run, 'mongo', 'archive.zst', source.slug))
  const facts = await dumpMongodb(source, probe, {
    sink,
    temporaryFolder: run.context.temporaryFolder,
    signal: run.scope.signal,
    warn: (warning) => run.warnings.add({ source: source.slug, ...warning }),
    log: run.log,
    progress: () => {},
  })
  const { consistency, writtenBy, serverVersion, namespaces, rawSha256 } = facts
  const base = baseFacts(run, await sink.finish(), rawSha256)
  addArtifact(
    run,
    { kind: 'mongodb', ...base, source: source.slug, consistency, writtenBy, serverVersion, namespaces },
    { entries: null, documents: namespaces.reduce((sum, namespace) => sum + namespace.documents, 0) },
  )
}

/** Archives all given sources as one tar, and its index beside it. */
export async function writeTrees(
  run: BackupRun,
  place: BackupPlace,
  kind: 'files' | 'config',
  sources: (TreeSource | ConfigSource)[],
): Promise<void> {
  run.meter.begin(kind, sources.map((source) => source.slug).join(', '), expectedBytes(run, sources))
  const tar = openBackupArtifact(run, place, artifactName(run, kind, 'tar.zst'))
  const indexName = artifactName(run, kind, 'index.jsonl.zst')
  const indexArtifact = openBackupArtifact(run, place, indexName, indexReservedBytes)
  const index = new IndexWriter(indexArtifact)
  const namedBefore = run.warnings.count
  const facts = await archiveTrees({
    sources,
    sink: tar,
    index: (entry) => index.write(entry),
    signal: run.scope.signal,
    warn: (warning) => run.warnings.add(warning),
    log: run.log,
    progress: () => {},
  })
  run.warnings.addUnnamed(Math.max(0, facts.warningCount - (run.warnings.count - namedBefore)))
  run.changedFiles += facts.changedFiles

  const indexSha256 = await index.finish()
  const [tarFacts, indexFacts] = await Promise.all([tar.finish(), indexArtifact.finish()])
  addArtifact(
    run,
    { kind, ...baseFacts(run, tarFacts, facts.rawSha256), trees: facts.trees },
    { entries: facts.entries, documents: null },
  )
  addArtifact(
    run,
    { kind: 'index', ...baseFacts(run, indexFacts, indexSha256), of: tarFacts.name, entries: index.entries },
    { entries: index.entries, documents: null },
  )
}

/** The last run's bytes; null where they are not known of every source. */
function expectedBytes(run: BackupRun, sources: { slug: string }[]): number | null {
  const trees = run.spec.baseline?.trees ?? {}
  return sources.every((source) => trees[source.slug])
    ? sources.reduce((sum, source) => sum + (trees[source.slug]?.bytes ?? 0), 0)
    : null
}
