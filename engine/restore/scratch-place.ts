import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeTree } from '@/engine/files/remove-tree'
import { dropDatabases } from '@/engine/mongodb/drop-databases'
import type { RestoreSpec } from '@/protocol/specs'
import type { RestoreRun } from './restore-run'

type Target = RestoreSpec['target']

/** Makes the fresh 0700 folder of a restore; one that is there already is an error. */
export async function makeScratchFolder(run: RestoreRun): Promise<void> {
  const { folder } = run.spec.target
  await mkdir(dirname(folder), { recursive: true, mode: 0o755 })
  await mkdir(folder, { mode: 0o700 })
  run.made.folder = true
}

/** Removes what this run itself has made, and nothing that was there before. */
export async function removeMadePlace(run: RestoreRun): Promise<void> {
  const { folder, mongodb } = run.spec.target
  if (!run.made.folder) return
  await removeScratchPlace({ kind: 'scratch', folder, mongodb: run.made.databases ? mongodb : null }, neverAborted())
  run.log('info', 'The scratch place was removed again.')
}

function neverAborted(): AbortSignal {
  return new AbortController().signal
}

/** Each artifact is extracted into a folder of its own, so that none finds what another wrote. */
export async function makeArtifactFolder(target: Target, artifact: { name: string }): Promise<string> {
  const folder = artifactFolder(target, artifact)
  await mkdir(folder, { mode: 0o700 })
  return folder
}

/** `config-manager` of `config-manager.tar.zst`: workers of one backup may have files of the same path. */
export function artifactFolder(target: Target, { name }: { name: string }): string {
  return join(target.folder, name.replace(/\.tar\.zst$/, ''))
}

/** Removes all that a restore has made: its folder, and the databases with its prefix. What is gone already is fine. */
export async function removeScratchPlace(target: Target, signal: AbortSignal): Promise<string[]> {
  await removeTree(target.folder, signal)
  if (!target.mongodb) return []
  const { connection, databasePrefix } = target.mongodb
  return dropDatabases({ connection, databasePrefix, signal })
}
