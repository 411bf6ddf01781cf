import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { compareTree } from '@/engine/files/compare-tree'
import { extractMembers, extractTar } from '@/engine/files/extract-tar'
import {
  artifactBytes,
  type ChosenBackup,
  type RestorePlace,
  type RestoreRun,
  readerOf,
} from '@/engine/restore/restore-run'
import { neededParts, selectEntries, selectedIndex } from '@/engine/restore/select-entries'
import { walkSelected } from '@/engine/restore/walk-selected'
import { warnOfStripped } from '@/engine/restore/warn-of-stripped'
import { runCommand } from '@/lib/command'
import type { Comparison } from '@/protocol/events'
import { pathOf } from '@/protocol/index-entry'
import { Problem } from '@/protocol/problem'
import { readIndex } from '@/protocol/read-index'
import { setAttributes } from './folder-attributes'
import { isThere, joined, parentOf } from './folder-handle'
import { requireRoomFor, type SourceGround } from './grounds'

/**
 * Extracts what belongs to a ground into its stage and compares all of it with the index. Nothing may be refused: a restore in
 * place is whole or not at all, but for what another instance’s backup leaves out. Throws Problem `refused-members` or `not-identical`; adds to the comparison.
 */
export async function stageGround(
  run: RestoreRun,
  place: RestorePlace,
  chosen: ChosenBackup,
  ground: SourceGround,
  comparison: Comparison,
): Promise<void> {
  const { from: artifact, stage } = ground
  const index = chosen.indexes.get(artifact.name)
  if (!index) throw new Error(`${artifact.name} has no index`)
  const folder = join(stage, 'new', ground.artifact)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const known = chosen.selected.get(artifact.name)
  if (known) await rm(known.file, { force: true })
  const tree = ground.members ? await selectEntries(run, place, artifact, index, ground.members) : undefined
  await requireRoomFor(stage, tree?.bytes ?? artifact.rawBytes)
  run.meter.begin(
    artifact.kind,
    artifact.name,
    neededParts(artifact, tree).reduce((sum, { rawBytes }) => sum + rawBytes, 0),
  )
  const { sameInstance } = chosen
  const { moved } = ground
  const options = {
    ...{ folder, sameInstance, signal: run.scope.signal, log: run.log },
    ...(moved.moves.length > 0 && { renamed: (name: Buffer) => moved.nameOf(name) }),
  }
  const extracted = tree
    ? await extractMembers(options, walkSelected(artifact, tree, readerOf(run, place)))
    : await extractTar({ ...options, tar: artifactBytes(run, place, artifact), progress: () => {} })
  if (extracted.refusedCount > 0) throw refused(extracted.refused[0])
  warnOfStripped(run, extracted)
  await dressParents(run, place, ground, index)
  const result = await compareTree({
    folder,
    index: moved.entries(
      tree ? selectedIndex(artifact, tree) : readIndex(artifactBytes(run, place, index), index.name),
    ),
    refused: new Set(),
    sameInstance,
    signal: run.scope.signal,
    progress: () => {},
  })
  if (tree) await rm(tree.file, { force: true })
  comparison.entriesExpected += result.entriesExpected
  comparison.entriesIdentical += result.entriesIdentical
  comparison.bytesCompared += result.bytesCompared
  comparison.differences.push(...result.differences.slice(0, 1000 - comparison.differences.length))
  comparison.differenceCount += result.differenceCount
  await flushDisk(stage)
}

/** Folders above what was chosen come along where they are missing, as they are in the backup. */
async function dressParents(
  run: RestoreRun,
  place: RestorePlace,
  ground: SourceGround,
  index: Parameters<typeof selectEntries>[3],
): Promise<void> {
  const missing = new Map<string, Buffer>()
  for (const path of ground.chosen)
    for (let folder = parentOf(path); folder.length > 1 && !(await isThere(folder)); folder = parentOf(folder))
      missing.set(folder.subarray(1).toString('latin1'), folder)
  if (missing.size === 0) return
  const found = new Map<string, Parameters<typeof setAttributes>[1]>()
  for await (const entry of ground.moved.entries(readIndex(artifactBytes(run, place, index), index.name))) {
    const name = pathOf(entry).toString('latin1')
    if (entry.type === 'directory' && missing.has(name)) {
      const [seconds, fraction = ''] = entry.mtime.split('.')
      found.set(name, { ...entry, mtime: `${seconds}.${fraction.padEnd(9, '0')}` })
    }
  }
  // the deepest first: what is set in a folder would change the time of the one above
  for (const [name, folder] of [...missing].sort(([, one], [, other]) => other.length - one.length)) {
    const attributes = found.get(name)
    if (attributes) await setAttributes(joined(ground.stage, 'new', ground.artifact, folder), attributes)
  }
}

/** What is committed must be on the disk: a power cut would leave empty files in place of the old ones. */
async function flushDisk(stage: string): Promise<void> {
  const { exitCode, stderr } = await runCommand('sync', { arguments: ['--file-system', stage], lowPriority: false })
  if (exitCode === 0) return
  throw new Problem({
    code: 'sync-failed',
    text: `What was restored could not be written to the disk for good: ${stderr.trim().slice(0, 500)}`,
    action: 'Look at the health of this disk.',
    where: stage,
  })
}

function refused(first: { path: string; reason: string } | undefined): Problem {
  return new Problem({
    code: 'refused-members',
    text: `The backup holds something that is not restored in place${first ? `: ${first.reason}` : ''}. Nothing was changed.`,
    action: 'Restore it beside, where what is refused is left out and named.',
    ...(first ? { where: first.path.slice(0, 1000) } : {}),
  })
}
