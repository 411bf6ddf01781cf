import { type BackupFigures, findShrinkage } from '@/engine/shrink-guard'
import type { Contribution, Manifest } from '@/protocol/manifest'
import { remoteFormat } from '@/protocol/version'
import type { BackupRun } from './backup-run'

/** Everything that a stranger needs to restore this backup. */
export function makeManifest({ spec }: BackupRun, whole: Contribution, held: string[]): Manifest {
  return {
    format: remoteFormat,
    backupId: spec.backupId,
    attempt: spec.attempt,
    kind: spec.kind,
    instance: { id: spec.instance.id, slug: spec.instance.slug },
    plan: { id: spec.plan.id, slug: spec.plan.slug },
    plannedAt: spec.plannedAt,
    ...whole,
    finishedAt: new Date().toISOString(),
    held,
    encryption: null,
  }
}

/** The figures that the next run is compared with. */
export function figuresOf({ artifacts, changedFiles }: Contribution): BackupFigures {
  const namespaces: Record<string, number> = {}
  const trees: BackupFigures['trees'] = {}
  for (const artifact of artifacts) {
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
  return { namespaces, trees, changedFiles }
}

/** Compares the whole backup with the plan's last good one; every finding is a warning too. */
export function holdIfShrunk(run: BackupRun, whole: Contribution): string[] {
  const held = findShrinkage(run.spec.baseline, figuresOf(whole))
  for (const text of held) run.warnings.add({ code: 'shrunk', text })
  return held
}
