import type { RunContext } from '@/engine/context'
import { type ReaderOptions, readArtifact } from '@/engine/parts/part-reader'
import type { Spool } from '@/engine/parts/spool'
import { ProgressMeter } from '@/engine/progress-meter'
import type { RemoteStore } from '@/engine/remote/remote-store'
import type { RunScope } from '@/engine/run-scope'
import { WarningList } from '@/engine/warning-list'
import type { Manifest, ManifestArtifact } from '@/protocol/manifest'
import type { RestoreSpec } from '@/protocol/specs'
import type { SelectedTree } from './select-entries'

export type MongodbArtifact = Extract<ManifestArtifact, { kind: 'mongodb' }>
export type TreesArtifact = Extract<ManifestArtifact, { kind: 'files' | 'config' }>
export type IndexArtifact = Extract<ManifestArtifact, { kind: 'index' }>

/** What a restore works with. */
export class RestoreRun {
  readonly meter: ProgressMeter
  readonly warnings: WarningList
  /** what exists because of this run, to be removed when it fails */
  readonly made = { folder: false, databases: false }
  /** of files on the remote, as they lie there */
  readonly fetched = { files: 0, bytes: 0 }

  constructor(
    readonly spec: RestoreSpec,
    readonly context: RunContext,
    readonly scope: RunScope,
  ) {
    this.meter = new ProgressMeter(context)
    this.warnings = new WarningList(context)
  }

  readonly log = (level: 'debug' | 'info' | 'warn' | 'error', text: string): void =>
    this.context.report({ type: 'log', level, text: text.slice(0, 4000) })
}

export type RestorePlace = { store: RemoteStore; spool: Spool }

/** The trusted manifest and what was chosen of it. */
export type ChosenBackup = {
  manifest: Manifest
  files: TreesArtifact[]
  config: TreesArtifact[]
  mongodb: MongodbArtifact[]
  /** by the name of the artifact that it lists */
  indexes: Map<string, IndexArtifact>
  /** by artifact name; one that is not here is restored whole */
  selected: Map<string, SelectedTree>
  sameInstance: boolean
}

/** The raw bytes of an artifact, each part checked before it is used. */
export function artifactBytes(
  run: RestoreRun,
  place: RestorePlace,
  artifact: ManifestArtifact,
): AsyncIterable<Uint8Array> {
  return readArtifact(artifact, readerOf(run, place))
}

export function readerOf(run: RestoreRun, place: RestorePlace): ReaderOptions {
  return {
    store: place.store,
    folder: `${run.spec.backup.instance.slug}/${run.spec.backup.folder}`,
    spool: place.spool,
    signal: run.scope.signal,
    onBytes: (bytes) => run.meter.add(bytes),
    onFetched: (bytes) => {
      run.fetched.files++
      run.fetched.bytes += bytes
    },
  }
}
