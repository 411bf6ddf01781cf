import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Problem } from '@/protocol/problem'
import type { Remote } from '@/protocol/remotes'
import type { RestoreSpec } from '@/protocol/specs'
import { requireMongodbAllowed, requireRemoteAllowed, requireRestoreAllowed } from './check-policy'
import type { RunContext, RunOutcome } from './context'
import { extractTar } from './files/extract-tar'
import { restoreMongodb } from './mongodb/restore-mongodb'
import { RemoteStore } from './remote/remote-store'
import { type OlderContent, readOlderFormat } from './restore/older-format'
import { requireAbsent } from './restore/require-absent'
import { requireFreePrefix } from './restore/require-free-prefix'
import { removeScratchPlace } from './restore/scratch-place'

export type OlderRestore = {
  remote: Remote
  /** of a file of the older scripts, below the base folder */
  path: string
  target: RestoreSpec['target']
  /** null: as fast as the remote allows */
  bytesPerSecond: number | null
}

/**
 * Restores a file of the scripts before Talekeeper beside: its files into a fresh folder, or its databases under a prefix, with the
 * rules for what is another instance's. There is nothing to compare it with, which its log says. When it fails, nothing is left.
 */
export async function runOlderRestore(spec: OlderRestore, context: RunContext): Promise<RunOutcome> {
  const { remote, target, bytesPerSecond } = spec
  await requireRemoteAllowed(context.policy, remote)
  await requireRestoreAllowed(context.policy, target.folder)
  if (target.mongodb) requireMongodbAllowed(context.policy)
  await requireAbsent(target.folder)
  await requireFreePrefix(target, context.signal)
  const { temporaryFolder, signal } = context
  const log = (text: string) => context.report({ type: 'log', level: 'info', text: text.slice(0, 4000) })
  await mkdir(dirname(target.folder), { recursive: true, mode: 0o755 })
  const store = await RemoteStore.open(remote, { temporaryFolder, signal, bytesPerSecond, log })
  try {
    await mkdir(target.folder, { mode: 0o700 })
    return await restoreInto(spec, store, context)
  } finally {
    await store.close()
  }
}

/** The folder is this run's own, and is removed on failure with the databases. */
async function restoreInto(spec: OlderRestore, store: RemoteStore, context: RunContext): Promise<RunOutcome> {
  try {
    const content = await readOlderFormat(store.stream(spec.path))
    const outcome = await restoreContent(spec, content, context)
    const checked = content.isGzip
      ? 'Its gzip checksum is right, so that it is as it was written.'
      : 'It has no checksum either: only its form was checked, to its end.'
    logOf(context)('info', `Nothing says what this file should hold, so that nothing was compared. ${checked}`)
    return outcome
  } catch (error) {
    await removeScratchPlace(spec.target, new AbortController().signal)
    throw error
  }
}

async function restoreContent(spec: OlderRestore, content: OlderContent, context: RunContext): Promise<RunOutcome> {
  return content.format === 'tar' ? restoreTree(spec, content, context) : restoreDatabases(spec, content, context)
}

async function restoreTree({ path, target }: OlderRestore, { raw }: OlderContent, context: RunContext) {
  const log = logOf(context)
  const { signal } = context
  const options = {
    folder: target.folder,
    sameInstance: false,
    signal,
    log,
    progress: progressOf(context, 'files', path),
  }
  const found = await extractTar({ ...options, tar: raw })
  if (found.entries + found.refusedCount === 0) throw holdsNothing(path)
  for (const { path: where, reason } of [...found.refused, ...found.stripped])
    context.report({ type: 'warning', code: 'older-left-out', text: reason, where })
  log('info', `${found.entries} entries extracted, ${found.refusedCount} refused.`)
  log('info', 'Names that begin with a dot at the top of home-<date>.tgz were never in it.')
  return found.refusedCount + found.strippedCount > 0 ? ('warning' as const) : ('succeeded' as const)
}

async function restoreDatabases({ path, target }: OlderRestore, { raw }: OlderContent, context: RunContext) {
  if (!target.mongodb)
    throw new Problem({
      code: 'no-mongodb-target',
      text: 'This file holds databases, but there is no MongoDB server to restore them to.',
      action: 'Name a MongoDB server and a prefix for the restore.',
      where: path,
    })
  const log = logOf(context)
  let isWarned = false
  const found = await restoreMongodb({
    archive: raw,
    ...{ connection: target.mongodb.connection, databasePrefix: target.mongodb.databasePrefix },
    ...{ namespaces: null, tools: 'built-in', toolFolders: [] },
    ...{ temporaryFolder: context.temporaryFolder, signal: context.signal, log },
    warn: (warning) => {
      isWarned = true
      context.report({ type: 'warning', ...warning })
    },
    progress: progressOf(context, 'mongodb', path),
  })
  if (found.namespaces === 0) throw holdsNothing(path)
  log('info', `${found.documents} documents in ${found.namespaces} namespaces restored; MongoDB’s own users are never.`)
  return isWarned ? ('warning' as const) : ('succeeded' as const)
}

function logOf(context: RunContext) {
  return (level: 'debug' | 'info' | 'warn' | 'error', text: string): void =>
    context.report({ type: 'log', level, text: text.slice(0, 4000) })
}

/** Signs of life, so that a long file is not taken for a stalled one. */
function progressOf(context: RunContext, phase: 'files' | 'mongodb', subject: string) {
  return (doneBytes: number): void =>
    context.progress({ phase, subject, doneBytes, totalBytes: null, bytesPerSecond: 0, uploadedBytes: 0 })
}

function holdsNothing(where: string): Problem {
  return new Problem({
    code: 'older-empty',
    text: 'This file holds nothing.',
    action: 'Take the file of another day.',
    where,
  })
}
