import { Problem } from '@/protocol/problem'
import type { ConfigSource, TreeSource } from '@/protocol/sources'

export type FileSource = TreeSource | ConfigSource

/** What one run of tar is told. All paths are absolute. */
export type ArchivePlan = { paths: string[]; exclude: string[]; oneFileSystem: boolean }

/** Linux takes 2 MiB of arguments and environment. */
const argumentLimitBytes = 1_500_000

/** Our own folder at a tree's root: staging of restores. Never part of a backup. */
const ownFolder = '.talekeeper'

/**
 * Decides what one tar of all the sources holds. tar stays on one filesystem for all paths or for none: when trees differ in that
 * wish, it crosses, and the mount points below the trees that do not want it are excluded one by one as they are mounted now.
 * Throws Problem when sources overlap, or one is excluded whole.
 */
export function planArchive(sources: FileSource[], mountPoints: string[]): ArchivePlan {
  const paths = sources.flatMap(pathsOfSource)
  const trees = sources.filter((source) => source.kind === 'tree')
  const oneFileSystem = trees.length > 0 && trees.every((tree) => tree.oneFileSystem)
  const staying = oneFileSystem ? [] : trees.filter((tree) => tree.oneFileSystem)
  const exclude = [
    ...trees.flatMap((tree) => tree.exclude),
    ...paths.map((path) => `${path}/${ownFolder}`),
    ...staying.flatMap((tree) => mountPoints.filter((point) => point !== tree.path && isAtOrBelow(point, tree.path))),
  ]
  refuseOverlap(paths)
  refuseExcluded(paths, exclude)
  refuseTooMany([...paths, ...exclude])
  return { paths, exclude, oneFileSystem }
}

export function pathsOfSource(source: FileSource): string[] {
  return source.kind === 'tree' ? [source.path] : source.paths
}

export function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`)
}

function refuseOverlap(paths: string[]): void {
  const sorted = [...paths].sort((a, b) => (`${a}/` < `${b}/` ? -1 : 1))
  for (const [index, path] of sorted.entries()) {
    const before = sorted[index - 1]
    if (before !== undefined && isAtOrBelow(path, before))
      throw new Problem({
        code: 'sources-overlap',
        text:
          path === before ? `${path} is named twice.` : `${path} lies inside ${before}, which is backed up as well.`,
        action: 'Name each folder once: remove the inner one, or let the outer one cross into other filesystems.',
        where: path.slice(0, 1000),
      })
  }
}

function refuseExcluded(paths: string[], exclude: string[]): void {
  for (const path of paths) {
    const exclusion = exclude.find((excluded) => isAtOrBelow(path, excluded))
    if (exclusion !== undefined)
      throw new Problem({
        code: 'source-excluded',
        text: `${path} would be left out, since ${exclusion} is excluded.`,
        action: 'Remove the exclusion or the source.',
        where: path.slice(0, 1000),
      })
  }
}

function refuseTooMany(paths: string[]): void {
  const bytes = paths.reduce((sum, path) => sum + Buffer.byteLength(path) + 32, 0)
  if (bytes > argumentLimitBytes)
    throw new Problem({
      code: 'too-many-paths',
      text: `Paths and exclusions of the sources have ${bytes} bytes together; ${argumentLimitBytes} can be handed to tar.`,
      action: 'Exclude whole folders instead of single files.',
    })
}
