import type { BackupContext } from '@/engine/context'
import type { MongodbProbe } from '@/engine/mongodb/probe-mongodb'
import type { PartShipper } from '@/engine/parts/part-shipper'
import { type ArtifactFacts, openArtifact, type PartWriter } from '@/engine/parts/part-writer'
import type { Spool } from '@/engine/parts/spool'
import { ProgressMeter } from '@/engine/progress-meter'
import type { RemoteStore } from '@/engine/remote/remote-store'
import type { RunScope } from '@/engine/run-scope'
import { WarningList } from '@/engine/warning-list'
import type { ManifestArtifact } from '@/protocol/manifest'
import type { ConfigSource, MongodbSource, TreeSource } from '@/protocol/sources'
import type { BackupSpec } from '@/protocol/specs'

/** What a backup has found out and written so far. */
export class BackupRun {
  readonly startedAt = new Date()
  readonly meter: ProgressMeter
  readonly warnings: WarningList
  readonly artifacts: ManifestArtifact[] = []
  changedFiles = 0
  readonly sources: { mongodb: MongodbSource[]; trees: TreeSource[]; config: ConfigSource[] }

  constructor(
    readonly spec: BackupSpec,
    readonly context: BackupContext,
    readonly scope: RunScope,
  ) {
    this.meter = new ProgressMeter(context)
    this.warnings = new WarningList(context)
    this.sources = {
      mongodb: spec.sources.filter((source) => source.kind === 'mongodb'),
      trees: spec.sources.filter((source) => source.kind === 'tree'),
      config: spec.sources.filter((source) => source.kind === 'config'),
    }
  }

  readonly log = (level: 'debug' | 'info' | 'warn' | 'error', text: string): void =>
    this.context.report({ type: 'log', level, text: text.slice(0, 4000) })
}

/**
 * `files.tar.zst`; those of the workers after the first carry their slug: `files-manager.tar.zst`. A MongoDB archive carries its
 * source's instead, which no other in the backup has, unless it is the only one of the first worker.
 */
export function artifactName(run: BackupRun, kind: 'mongo' | 'files' | 'config', ending: string, source = ''): string {
  const isFirst = run.spec.share.folder === null
  const isLone = kind !== 'mongo' || run.sources.mongodb.length === 1
  if (isFirst && isLone) return `${kind}.${ending}`
  return `${kind}-${kind === 'mongo' ? source : run.spec.worker.slug}.${ending}`
}

/** What the preflight prepares for the other phases. */
export type BackupPlace = {
  store: RemoteStore
  spool: Spool
  shipper: PartShipper
  /** `<YYYYMMDD>/<HHMMSS>Z-<plan>` */
  folder: string
  /** the same below the remote's base folder */
  path: string
  versions: Record<string, string>
  /** by source slug */
  probes: Map<string, MongodbProbe>
}

/** Opens an artifact of this backup; each of its parts is reported when it is safe. */
export function openBackupArtifact(
  run: BackupRun,
  place: BackupPlace,
  name: string,
  reservedBytes?: number,
): PartWriter {
  return openArtifact(name, {
    spool: place.spool,
    shipper: place.shipper,
    partBytes: run.spec.partBytes,
    ...(reservedBytes === undefined ? {} : { reservedBytes }),
    zstdLevel: run.spec.zstdLevel,
    signal: run.scope.signal,
    fail: run.scope.fail,
    onRawBytes: (bytes) => run.meter.add(bytes),
    onPart: (number, { name: _, ...part }) => run.context.report({ type: 'part', artifact: name, number, ...part }),
  })
}

/** Enters a finished artifact into the manifest to be, and reports it. */
export function addArtifact(
  run: BackupRun,
  artifact: ManifestArtifact,
  counts: { entries: number | null; documents: number | null },
): void {
  run.artifacts.push(artifact)
  const { kind, name, bytes, rawBytes, parts } = artifact
  run.context.report({ type: 'artifact', kind, name, parts: parts.length, bytes, rawBytes, ...counts })
}

/** The fields that every kind of artifact has in the manifest. */
export function baseFacts(run: BackupRun, facts: ArtifactFacts, rawSha256: string | null) {
  return { ...facts, worker: run.spec.worker.slug, rawSha256 }
}
