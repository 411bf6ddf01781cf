import type { Manifest } from '@/protocol/manifest'
import type { Source } from '@/protocol/sources'
import { remoteFormat } from '@/protocol/version'
import { type BackupFigures, findShrinkage } from '@/engine/shrink-guard'
import type { BackupPlace, BackupRun } from './backup-run'

/** Everything that a stranger needs to restore this backup. */
export function makeManifest(run: BackupRun, place: BackupPlace, held: string[]): Manifest {
  const { spec } = run
  return {
    format: remoteFormat,
    backupId: spec.backupId,
    attempt: spec.attempt,
    kind: spec.kind,
    instance: { id: spec.instance.id, slug: spec.instance.slug },
    plan: { id: spec.plan.id, slug: spec.plan.slug },
    plannedAt: spec.plannedAt,
    startedAt: run.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    versions: place.versions,
    sources: [...run.sources.mongodb, ...run.sources.trees, ...run.sources.config].map((source) => ({
      kind: source.kind,
      slug: source.slug,
      paths: pathsOf(source),
    })),
    artifacts: run.artifacts,
    warnings: run.warnings.named,
    warningCount: run.warnings.count,
    changedFiles: run.changedFiles,
    held,
    encryption: null,
  }
}

/** The figures that the next run is compared with. */
export function figuresOf(run: BackupRun): BackupFigures {
  const namespaces: Record<string, number> = {}
  const trees: BackupFigures['trees'] = {}
  for (const artifact of run.artifacts) {
    if (artifact.kind === 'mongodb')
      for (const { database, collection, documents } of artifact.namespaces) {
        const name = `${database}.${collection}`
        namespaces[name] = (namespaces[name] ?? 0) + documents
      }
    if (artifact.kind === 'files' || artifact.kind === 'config')
      for (const { source, entries, bytes } of artifact.trees) {
        const before = trees[source] ?? { entries: 0, bytes: 0 }
        trees[source] = { entries: before.entries + entries, bytes: before.bytes + bytes }
      }
  }
  return { namespaces, trees, changedFiles: run.changedFiles }
}

/** Compares with the plan's last good backup; every finding is a warning too. */
export function holdIfShrunk(run: BackupRun): string[] {
  const held = findShrinkage(run.spec.baseline, figuresOf(run))
  for (const text of held) run.warnings.add({ code: 'shrunk', text })
  return held
}

function pathsOf(source: Source): string[] {
  if (source.kind === 'mongodb') return []
  return source.kind === 'tree' ? [source.path] : source.paths
}
