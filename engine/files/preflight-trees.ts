import { constants } from 'node:fs'
import { access, lstat, opendir, realpath } from 'node:fs/promises'
import type { Policy } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import type { TreeSource } from '@/protocol/sources'
import type { Baseline } from '@/protocol/specs'
import { type FileSource, isAtOrBelow, pathsOfSource, planArchive } from './archive-plan'
import { readMountPoints } from './mount-points'
import { outsidePolicy } from './outside-policy'

/**
 * Refuses sources that cannot give a good backup: outside the worker's policy, missing, a link, unreadable, not mounted, or empty
 * where the last good backup (`baseline`) had entries; and sources that overlap. Throws Problem.
 */
export async function checkTrees(
  sources: FileSource[],
  policy: Policy,
  baseline: Baseline | null,
  signal: AbortSignal,
): Promise<void> {
  const mountPoints = await readMountPoints()
  for (const source of sources) {
    for (const path of pathsOfSource(source)) {
      signal.throwIfAborted()
      await checkPath(source, path, policy)
    }
    if (source.kind !== 'tree') continue
    if (source.mustBeMount) await checkMounted(source, mountPoints)
    if ((baseline?.trees[source.slug]?.entries ?? 0) > 1) await checkNotEmpty(source.path)
  }
  for (const kind of ['tree', 'config'] as const)
    planArchive(
      sources.filter((source) => source.kind === kind),
      mountPoints,
    )
}

async function checkPath(source: FileSource, path: string, policy: Policy): Promise<void> {
  if (path === '/')
    throw problem('source-is-root', path, 'The whole root folder cannot be a source.', 'Name the folders below it.')
  if (!policy.sourceRoots.some((root) => isAtOrBelow(path, root))) throw outsidePolicy(path)
  const stats = await lstat(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  if (stats.isSymbolicLink())
    throw problem('source-is-link', path, `${path} is a symbolic link.`, 'Name the place that it points to.')
  if (source.kind === 'tree' && !stats.isDirectory())
    throw problem(
      'source-not-folder',
      path,
      `${path} is not a folder.`,
      'Make it a source of configuration files instead.',
    )
  await checkRealPath(path, policy)
  await access(path, stats.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK).catch((error: unknown) => {
    throw unreadable(path, error)
  })
}

/** A folder above may be a link that leads out of what the policy allows. */
async function checkRealPath(path: string, policy: Policy): Promise<void> {
  const real = await realpath(path)
  const roots = await Promise.all(policy.sourceRoots.map((root) => realpath(root).catch(() => root)))
  if (!roots.some((root) => isAtOrBelow(real, root))) throw outsidePolicy(path)
}

async function checkMounted({ path, mountPoint = path }: TreeSource, mountPoints: string[]): Promise<void> {
  const [real, realPoint] = await Promise.all([path, mountPoint].map((place) => realpath(place).catch(() => place)))
  if (!isAtOrBelow(real ?? path, realPoint ?? mountPoint))
    throw problem(
      'source-not-on-mount',
      path,
      `${path} does not lie on the volume that is mounted at ${mountPoint}.`,
      'Correct the path or the mount point in the source.',
    )
  if (mountPoints.includes(realPoint ?? mountPoint)) return
  throw problem(
    'source-not-mounted',
    mountPoint,
    `${mountPoint} is not a mount point.`,
    'Mount the volume, then run the plan again.',
  )
}

async function checkNotEmpty(path: string): Promise<void> {
  for await (const entry of await opendir(path)) if (entry.name !== '.talekeeper' && entry.name !== 'lost+found') return
  throw problem(
    'source-empty',
    path,
    `${path} is empty, but the last good backup has entries of it.`,
    'Check that the volume is mounted. If it is meant to be empty, make a new source.',
  )
}

function unreadable(path: string, cause: unknown): Problem {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error'
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return problem(
      'source-missing',
      path,
      `${path} does not exist on this host.`,
      'Correct the path, or mount its volume.',
    )
  return problem(
    'source-unreadable',
    path,
    `${path} cannot be read (${code}).`,
    'Let the worker run as root, or give it the right to read this.',
  )
}

function problem(code: string, path: string, text: string, action: string): Problem {
  return new Problem({ code, text, action, where: path.slice(0, 1000) })
}
