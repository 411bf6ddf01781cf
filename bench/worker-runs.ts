import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BackupSpec,
  backupSpecSchema,
  type InPlaceSpec,
  inPlaceSpecSchema,
  type RestoreSpec,
  restoreSpecSchema,
} from '@/protocol/specs'
import { type Measurement, measureTime } from './measure'
import { empty, place, restoredIn } from './place'

const mebibyte = 1024 ** 2
const instance = { id: randomUUID(), slug: 'bench' }
const worker = { id: randomUUID(), slug: 'bench' }
const remote = { id: randomUUID(), backend: 'local' as const, baseFolder: place.remote, options: {} }

export type BackupResult = Measurement & { folder: string; backupId: string; bytes: number; filesSeconds: number }
export type RestoreResult = Measurement & {
  secondsWithoutComparison: number
  fetched: { files: number; bytes: number }
}

type Limits = { bytesPerSecond: number | null; partMebibytes: number }

/** Runs the bundled worker's `backup` into the empty remote, files only. */
export async function runBackup(tree: string, limits: Limits): Promise<BackupResult> {
  empty(place.remote)
  return runBackupBeside(tree, limits)
}

/** The same beside the backups that lie there. */
export async function runBackupBeside(tree: string, limits: Limits): Promise<BackupResult> {
  const spec = backupSpec(tree, limits)
  const events = new EventTimes()
  const time = await measureTime(commandLine('backup', spec), events.take)
  return {
    ...time,
    folder: events.find('folder').folder,
    backupId: spec.backupId,
    bytes: events.find('summary').bytes,
    filesSeconds: events.secondsOfPhase('files'),
  }
}

/** Runs the bundled worker's `restore` of a backup, or of paths in it, into a new scratch folder, with its comparison. */
export async function runRestore(backup: BackupResult, paths: string[] | null = null): Promise<RestoreResult> {
  empty(place.restores)
  const events = new EventTimes()
  const time = await measureTime(commandLine('restore', restoreSpec(backup, paths)), events.take)
  const { files, bytes } = events.find('fetched')
  return {
    ...time,
    secondsWithoutComparison: time.seconds - events.secondsOfPhase('compare'),
    fetched: { files, bytes },
  }
}

/** Runs the bundled worker's restore of a backup in place; the old tree stays beside. `safety`: a backup of what stands there. */
export function runInPlace(backup: BackupResult, safety: BackupResult | null): Promise<Measurement> {
  const { target: _, ...spec } = restoreSpec(backup, null)
  const inPlace = inPlaceSpecSchema.parse({
    ...spec,
    target: {
      kind: 'inPlace',
      mongodb: null,
      writers: 'stopped',
      safety: safety && referenceTo(safety),
      allowForeignFolders: true,
      allowOpenFiles: true,
    },
  })
  return measureTime(commandLine('restore --in-place', inPlace))
}

/** The shell's words for one run of the worker, for a tree of its own. */
export function backupCommandLine(tree: string): string {
  empty(place.remote)
  return commandLine('backup', backupSpec(tree, { bytesPerSecond: null, partMebibytes: 512 }))
}

/** The same for the restore of all of a backup. */
export function restoreCommandLine(backup: BackupResult): string {
  empty(place.restores)
  return commandLine('restore', restoreSpec(backup, null))
}

function commandLine(
  command: 'backup' | 'restore' | 'restore --in-place',
  spec: BackupSpec | RestoreSpec | InPlaceSpec,
): string {
  const file = join(place.work, `${command.replace(' --', '-')}.json`)
  writeFileSync(file, JSON.stringify(spec))
  return `node dist/talekeeper-worker.mjs --state ${place.state} --policy ${place.policyFile} ${command} --spec ${file} --json`
}

function backupSpec(tree: string, limits: Limits): BackupSpec {
  return backupSpecSchema.parse({
    backupId: randomUUID(),
    attempt: 1,
    kind: 'manual',
    instance,
    worker,
    plan: { id: randomUUID(), slug: 'bench' },
    plannedAt: null,
    sources: [
      {
        kind: 'tree',
        id: randomUUID(),
        slug: 'homes',
        path: tree,
        exclude: [],
        oneFileSystem: true,
        mustBeMount: false,
      },
    ],
    remote,
    partBytes: limits.partMebibytes * mebibyte,
    partCheck: 'hash',
    zstdLevel: 3,
    limits: runLimits(limits.bytesPerSecond),
    baseline: null,
    encryption: null,
  })
}

/** Sizes as they lie there. */
export function sizesOnRemote(folder: string): { largestPart: number; index: number } {
  const path = join(place.remote, instance.slug, folder)
  const sizes = readdirSync(path).map((name) => ({ name, bytes: statSync(join(path, name)).size }))
  const of = (prefix: string) => sizes.filter(({ name }) => name.startsWith(prefix)).map(({ bytes }) => bytes)
  return {
    largestPart: Math.max(...of('files.tar.zst.')),
    index: of('files.index.jsonl.zst.').reduce((sum, bytes) => sum + bytes, 0),
  }
}

function restoreSpec(backup: BackupResult, paths: string[] | null): RestoreSpec {
  const raw = paths?.map((path) => Buffer.from(path.slice(1)).toString('base64'))
  return restoreSpecSchema.parse({
    restoreId: randomUUID(),
    attempt: 1,
    instance,
    worker,
    backup: referenceTo(backup),
    remote,
    signingKeys: [],
    artifacts: null,
    selection: raw ? { paths: [{ artifact: 'files.tar.zst', paths: raw }], namespaces: null } : null,
    target: { kind: 'scratch', folder: restoredIn(place.restores), mongodb: null },
    limits: runLimits(null),
  })
}

function referenceTo({ backupId, folder }: BackupResult) {
  return { id: backupId, instance, folder, manifestSha256: manifestSha256(folder) }
}

/** The anchor of a backup that no control plane has signed. */
function manifestSha256(folder: string): string {
  const manifest = readFileSync(join(place.remote, instance.slug, folder, 'manifest.json'))
  return createHash('sha256').update(manifest).digest('hex')
}

function runLimits(bytesPerSecond: number | null) {
  return { durationSeconds: 3600, stallSeconds: 600, bytesPerSecond }
}

type PrintedEvent = {
  type: string
  phase?: string
  state?: string
  folder?: string
  bytes?: number
  files?: number
}

/** The events that the worker prints with `--json`, with the moment at which each was read. */
class EventTimes {
  private readonly events: { event: PrintedEvent; seconds: number }[] = []

  readonly take = (line: string, seconds: number): void => {
    if (line.startsWith('{')) this.events.push({ event: JSON.parse(line) as PrintedEvent, seconds })
  }

  find(type: 'folder' | 'summary' | 'fetched'): { folder: string; bytes: number; files: number } {
    const found = this.events.find(({ event }) => event.type === type)?.event
    return { folder: found?.folder ?? '', bytes: found?.bytes ?? 0, files: found?.files ?? 0 }
  }

  secondsOfPhase(phase: string): number {
    const at = (state: string) =>
      this.events.find(({ event }) => event.type === 'phase' && event.phase === phase && event.state === state)?.seconds
    return (at('finished') ?? Number.NaN) - (at('started') ?? Number.NaN)
  }
}
