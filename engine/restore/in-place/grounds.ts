import { constants, type Stats } from 'node:fs'
import { access, type FileHandle, lstat, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { freeBytesOf } from '@/engine/parts/spool'
import type { ChosenBackup, TreesArtifact } from '@/engine/restore/restore-run'
import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import type { InPlaceSpec } from '@/protocol/specs'
import { ownFolder } from './beside'
import { isThere, joined, nameIn, openFolder, parentOf } from './folder-handle'
import { type MovedTrees, movedTrees } from './moved-trees'
import { liesAtOrBelow } from './path-mover'
import type { Ground } from './plan-paths'

/** A ground with the archive that it comes from. */
export type SourceGround = Ground & {
  from: TreesArtifact
  /** members to read, raw names in base64 as the archive has them; null: the whole archive */
  members: string[] | null
  /** where the archive's trees go; the ground's own paths are places already */
  moved: MovedTrees
}

/**
 * Where the chosen archives belong, one ground for each filesystem: `<root>/.talekeeper/<restore>` is its stage, at a tree's root
 * or beside a file. Throws Problem `path-outside` for what was chosen and belongs to no source, and those of movedTrees.
 */
export async function findGrounds(
  spec: InPlaceSpec,
  chosen: ChosenBackup,
  mountPoints: string[],
): Promise<SourceGround[]> {
  const grounds: SourceGround[] = []
  const moved = movedTrees(spec, chosen)
  for (const artifact of [...chosen.files, ...chosen.config]) {
    const wanted = placesOf(spec, chosen, artifact)
    const byMount = new Map<string, SourceGround>()
    const names = new Map<SourceGround, string[]>()
    for (const { path: name, isWhole, root: sourceRoot } of wanted) {
      const path = moved.placeOf(name)
      const root = await stageRoot(path, isWhole, sourceRoot && moved.placeOf(sourceRoot), mountPoints)
      const mount = mountOf(root, mountPoints)
      const ground = byMount.get(mount) ?? {
        stage: joined(root, ownFolder, spec.restoreId).toString(),
        artifact: artifact.name.replace(/\.tar\.zst$/, ''),
        whole: [],
        chosen: [],
        excluded: chosen.manifest.sources.flatMap(({ exclude }) =>
          exclude.map((excluded) => moved.placeOf(Buffer.from(excluded))),
        ),
        ...{ from: artifact, members: null, moved },
      }
      if (isWhole) ground.whole.push(path)
      else ground.chosen.push(path)
      names.set(ground, [...(names.get(ground) ?? []), name.subarray(1).toString('base64')])
      byMount.set(mount, ground)
    }
    const isPartly = byMount.size > 1 || chosen.selected.has(artifact.name)
    for (const ground of byMount.values()) {
      if (isPartly) ground.members = names.get(ground) ?? []
      grounds.push(ground)
    }
  }
  return grounds
}

type Wanted = {
  path: Buffer
  isWhole: boolean
  /** of the tree that it belongs to; null for configuration */
  root: Buffer | null
}

/** What of an archive is to be put in place: trees as a whole, or what was chosen; of configuration each path by itself. */
function placesOf(spec: InPlaceSpec, { manifest }: ChosenBackup, artifact: TreesArtifact): Wanted[] {
  const slugs = artifact.trees.map(({ source }) => source)
  const roots = manifest.sources
    .filter(({ kind, slug }) => kind !== 'mongodb' && slugs.includes(slug))
    .flatMap(({ kind, paths }) =>
      paths.map((text): Wanted => {
        const path: Buffer = Buffer.from(text)
        return { path, isWhole: kind === 'tree', root: kind === 'tree' ? path : null }
      }),
    )
  const selection = spec.selection?.paths.filter((choice) => choice.artifact === artifact.name) ?? []
  if (selection.length === 0) return roots
  const paths = selection.flatMap((choice) =>
    choice.paths.map((path) => Buffer.from(`/${Buffer.from(path, 'base64').toString('latin1')}`, 'latin1')),
  )
  const outermost = paths.filter((path) => !paths.some((other) => other !== path && isStrictlyBelow(path, other)))
  return unique(outermost).flatMap((path): Wanted[] => {
    const inside = roots.filter((root) => liesAtOrBelow(root.path, path))
    if (inside.length > 0) return inside
    const above = roots.find((root) => liesAtOrBelow(path, root.path))
    if (above) return [{ path, isWhole: false, root: above.root }]
    throw new Problem({
      code: 'path-outside',
      text: 'A chosen path belongs to none of the sources of this backup.',
      action: 'Choose again out of the files of this backup.',
      where: displayName(path).slice(0, 1000),
    })
  })
}

function isStrictlyBelow(path: Buffer, folder: Buffer): boolean {
  return path.length > folder.length && liesAtOrBelow(path, folder)
}

function unique(paths: Buffer[]): Buffer[] {
  return [...new Map(paths.map((path) => [path.toString('latin1'), path])).values()]
}

/**
 * The folder that gets the stage: a tree's root, where no backup looks at it and users cannot write; on a volume mounted below, that
 * volume's own root; for configuration the folder that holds it. The nearest one above where that is missing.
 */
async function stageRoot(
  path: Buffer,
  isWhole: boolean,
  sourceRoot: Buffer | null,
  mountPoints: string[],
): Promise<Buffer> {
  const holder = await nearest(isWhole ? path : parentOf(path))
  if (!sourceRoot) return holder
  const root = await nearest(sourceRoot)
  const mount = mountOf(holder, mountPoints)
  return mountOf(root, mountPoints) === mount ? root : Buffer.from(mount)
}

async function nearest(folder: Buffer): Promise<Buffer> {
  let found = folder
  while (found.length > 1 && !(await isThere(found))) found = parentOf(found)
  return found
}

function mountOf(path: Buffer, mountPoints: string[]): string {
  const above = mountPoints.filter((point) => liesAtOrBelow(path, Buffer.from(point)))
  return above.reduce((longest, point) => (point.length > longest.length ? point : longest), '/')
}

/** Makes the stage, which must not be there yet, and gives the filesystem's own time of that moment. */
export async function makeStage(stage: string, allowForeignFolders: boolean): Promise<bigint> {
  const path = Buffer.from(stage)
  const root = await openFolder(parentOf(parentOf(path)))
  try {
    if (!allowForeignFolders) await requireSafeRoot(root, path)
    const own = nameIn(root, Buffer.from(ownFolder))
    await mkdir(own, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    requireOurs(await lstat(own), stage)
  } finally {
    await root.close()
  }
  const parent = await openFolder(parentOf(path))
  try {
    const name = nameIn(parent, path.subarray(parentOf(path).length + 1))
    await mkdir(name, { mode: 0o700 })
    return (await lstat(name, { bigint: true })).ctimeNs
  } finally {
    await parent.close()
  }
}

/** Whether the stage could be made, without making it. Throws what `makeStage` would throw. */
export async function lookAtStage(stage: string, allowForeignFolders: boolean): Promise<void> {
  const path = Buffer.from(stage)
  const root = await openFolder(parentOf(parentOf(path)))
  try {
    if (!allowForeignFolders) await requireSafeRoot(root, path)
    await access(nameIn(root, Buffer.from('.')), constants.W_OK)
    const own = await lstat(nameIn(root, Buffer.from(ownFolder))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      return null
    })
    if (own) requireOurs(own, stage)
  } finally {
    await root.close()
  }
}

async function requireSafeRoot(root: FileHandle, stage: Buffer): Promise<void> {
  const { uid, mode } = await root.stat()
  const isSafe = (uid === 0 || uid === process.getuid?.()) && (mode & 0o022) === 0
  if (!isSafe) throw foreignFolder(stage)
}

function requireOurs(own: Stats, stage: string): void {
  if (!own.isDirectory() || own.uid !== process.getuid?.() || (own.mode & 0o077) !== 0) throw notOurs(stage)
}

/** What comes new needs room beside what is there. Throws Problem `target-full`. */
export async function requireRoomFor(stage: string, neededBytes: number): Promise<void> {
  const freeBytes = await freeBytesOf(stage)
  if (freeBytes >= neededBytes) return
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MiB`
  throw new Problem({
    code: 'target-full',
    text: `The restore needs ${mebibytes(neededBytes)} beside what is there, but the disk has ${mebibytes(freeBytes)} free.`,
    action: 'Free some space there, restore less at a time, or restore beside on another disk.',
    where: stage,
  })
}

function foreignFolder(stage: Buffer): Problem {
  return new Problem({
    code: 'foreign-folder-owner',
    text: 'The folder in which the restore would exchange things can be written by others than root, who could meddle with it.',
    action: 'Give the folder to root (chown root, chmod go-w), or allow it for this restore.',
    where: parentOf(parentOf(stage)).toString(),
  })
}

function notOurs(stage: string): Problem {
  return new Problem({
    code: 'stage-not-ours',
    text: `There is a “${ownFolder}” that is not a folder of this worker’s user alone.`,
    action: 'Look at what it is, and move it away.',
    where: join(stage, '..'),
  })
}
