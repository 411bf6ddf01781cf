import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { requireRemoteAllowed } from '@/engine/check-policy'
import { olderFilesAmong } from '@/engine/inspection/older-scripts'
import { manifestName } from '@/engine/remote/backup-folder'
import { findBackups } from '@/engine/remote/find-backups'
import { longestManifestBytes, parseManifest } from '@/engine/remote/read-manifest'
import { fewAttempts, RemoteStore } from '@/engine/remote/remote-store'
import { runOlderRestore } from '@/engine/run-older-restore'
import { runRestore } from '@/engine/run-restore'
import { sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'
import type { Remote } from '@/protocol/remotes'
import { backupReferenceSchema, type RestoreSpec, restoreSpecSchema } from '@/protocol/specs'
import { readPolicy } from '@/worker/fileserver/policy-file'
import { readConfigRemote } from './config-remote'
import { readKitKeys } from './kit-keys'
import { print } from './print'
import { readNamedFile } from './read-file'
import { runAlone } from './run-alone'
import type { WorkerSettings } from './settings'

/** What a person names of a restore beside for which there is no dashboard and no spec. */
export type NamedRestore = {
  remoteConfig?: string
  remote?: string
  backup?: string
  recoveryKit?: string
  unsigned?: boolean
  artifact?: string[]
  to?: string
  mongodbFile?: string
  databasePrefix?: string
}

/** A restore may take days where nobody waits for its end. */
const limits = { durationSeconds: 7 * 24 * 3600, stallSeconds: 3600, bytesPerSecond: null }

/**
 * Restores a backup beside that is named by its path on a remote of an rclone.conf, or lists the backups there when none is named.
 * Who wrote it is told by the keys of a recovery kit, unless that is waived. Returns the exit code.
 */
export async function restoreNamed(named: NamedRestore, json: boolean, settings: WorkerSettings): Promise<number> {
  const { backup, to } = named
  const remote = readConfigRemote(named.remoteConfig ?? '', required(named.remote, '--remote NAME:FOLDER'))
  await requireRemoteAllowed(readPolicy(settings.policyFile), remote)
  if (backup === undefined) return listThere(remote, settings)
  const folder = resolve(required(to, '--to FOLDER, which must not exist yet'))
  const keys = await keysOf(named)
  if (isOlderFile(backup)) {
    if (keys !== null) throw olderAreUnsigned(backup)
    const target = { kind: 'scratch' as const, folder, mongodb: mongodbOf(named) }
    return runAlone({ spec: '', json }, settings, limits, (context) =>
      runOlderRestore({ remote, path: backup, target, bytesPerSecond: limits.bytesPerSecond }, context),
    )
  }
  const spec = await specOf(named, { remote, folder, path: backup, keys }, settings)
  if (keys === null) print('Nobody vouches for who wrote this backup: it is only compared with its own manifest.')
  return runAlone({ spec: '', json }, settings, spec.limits, (context) => runRestore(spec, context))
}

function required(value: string | undefined, option: string): string {
  if (value) return value
  throw new Problem({
    code: 'invalid-request',
    text: `With --remote-config, something is missing: ${option}.`,
    action: 'docs/disaster-recovery.md shows whole commands.',
  })
}

/** null: a person waived them */
function keysOf({ recoveryKit, unsigned }: NamedRestore): Promise<string[]> | null {
  if (recoveryKit !== undefined && !unsigned) return readKitKeys(recoveryKit)
  if (unsigned && recoveryKit === undefined) return null
  throw new Problem({
    code: 'invalid-request',
    text: 'It must be said how to tell that the backup is genuine.',
    action: 'Give either --recovery-kit FILE, or --unsigned for a backup that nobody signed or when the kit is lost.',
  })
}

async function listThere(remote: Remote, settings: WorkerSettings): Promise<number> {
  const found = await withStore(remote, settings, findBackups)
  for (const { path, kind } of found) print(path + kindWords[kind])
  if (found.length > 0) return 0
  throw new Problem({
    code: 'no-backups',
    text: 'No backup of Talekeeper lies below this folder.',
    action: 'Name the base folder after the colon of --remote, the one that holds a folder for each instance.',
    where: remote.baseFolder,
  })
}

const kindWords = {
  backup: '',
  unfinished: '  (not complete: cannot be restored)',
  older: '  (of the older scripts: --unsigned, and nothing to compare it with)',
}

/** A file that the scripts before Talekeeper made, named as in their layout. */
function isOlderFile(path: string): boolean {
  const name = /^[^/]+\/\d{8}\/([^/]+)$/.exec(path)?.[1]
  return name !== undefined && olderFilesAmong([{ path: name, bytes: 0 }]).length > 0
}

type Chosen = { remote: Remote; folder: string; path: string; keys: string[] | null }

/** The manifest is read for its ids alone; the restore reads it again, and trusts it only along the chain. */
async function specOf(named: NamedRestore, chosen: Chosen, settings: WorkerSettings): Promise<RestoreSpec> {
  const [, slug, folder] = /^([^/]+)\/(.+?)\/?$/.exec(chosen.path) ?? []
  if (!slug || !backupReferenceSchema.shape.folder.safeParse(folder).success) throw notAPath(chosen.path)
  const bytes = await withStore(chosen.remote, settings, (store) =>
    store.read(`${slug}/${folder}/${manifestName}`, longestManifestBytes),
  )
  if (!bytes)
    throw new Problem({
      code: 'manifest-missing',
      text: 'There is no backup with a manifest at this path: it was never finished, was deleted, or the path is another.',
      action: 'Leave --backup out to see what is there.',
      where: chosen.path.slice(0, 1000),
    })
  const manifest = parseManifest(bytes, chosen.path)
  const instance = { id: manifest.instance.id, slug }
  const parsed = restoreSpecSchema.safeParse({
    ...{ restoreId: randomUUID(), attempt: 1, remote: chosen.remote, limits },
    // what nobody vouches for is taken as another instance's, which may bring less
    instance: chosen.keys ? instance : { ...instance, id: randomUUID() },
    worker: { id: randomUUID(), slug: 'by-hand' },
    backup: { id: manifest.backupId, instance, folder, manifestSha256: chosen.keys ? null : sha256Hex(bytes) },
    signingKeys: chosen.keys ?? [],
    artifacts: named.artifact ?? null,
    target: { kind: 'scratch', folder: chosen.folder, mongodb: mongodbOf(named) },
  })
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Problem({
    code: 'invalid-request',
    text: `This restore cannot be asked for. ${[...new Set(fields)].slice(0, 5).join(' ')}`.slice(0, 2000),
    action: 'Give --to an absolute path.',
  })
}

function mongodbOf({ mongodbFile, databasePrefix }: NamedRestore) {
  if (mongodbFile === undefined) return null
  const prefix = required(databasePrefix, '--database-prefix PREFIX, put before the name of each database')
  if (!/^[a-z0-9_]{1,24}$/.test(prefix))
    throw new Problem({
      code: 'invalid-request',
      text: 'This cannot be a prefix of databases.',
      action: 'Give --database-prefix at most 24 of a-z, 0-9 and _.',
    })
  return {
    connection: readNamedFile(mongodbFile, '--mongodb-file').trim(),
    ...{ databasePrefix: prefix, tools: 'auto' as const },
  }
}

function olderAreUnsigned(path: string): Problem {
  return new Problem({
    code: 'manifest-unsigned',
    text: 'The older scripts signed nothing, so that no kit can tell who wrote this file.',
    action: 'Give --unsigned in place of --recovery-kit if you take it as it is.',
    where: path,
  })
}

function notAPath(path: string): Problem {
  return new Problem({
    code: 'invalid-request',
    text: 'This is not the path of a backup.',
    action: 'Name it as the list shows it, such as wt-prod/20261123/060000Z-nightly; leave --backup out for the list.',
    where: path.slice(0, 1000),
  })
}

async function withStore<T>(remote: Remote, settings: WorkerSettings, act: (store: RemoteStore) => Promise<T>) {
  mkdirSync(settings.state.temporary, { recursive: true, mode: 0o700 })
  const temporaryFolder = mkdtempSync(join(settings.state.temporary, 'look-'))
  const { signal } = new AbortController()
  try {
    const store = await RemoteStore.open(remote, { temporaryFolder, signal, bytesPerSecond: null, log: () => {} })
    try {
      return await act(store.withAttempts(fewAttempts))
    } finally {
      await store.close()
    }
  } finally {
    rmSync(temporaryFolder, { recursive: true, force: true })
  }
}
