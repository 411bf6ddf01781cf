import { lstat, opendir, realpath } from 'node:fs/promises'
import type { Policy } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import type { ConfigSource } from '@/protocol/sources'
import { isAtOrBelow } from './archive-plan'
import { isMatch, isPattern } from './name-pattern'
import { outsidePolicy } from './outside-policy'

/** Configuration is a handful of files; a pattern that finds more than this means something else. */
const longestMatch = 1000
/** of all folders that one pattern looks into */
const longestSearch = 20_000

/**
 * The source with what its patterns match now in their place, and without optional paths that are not there. Nothing outside the
 * policy's source roots is looked at, and no link is followed. Throws a Problem, also for a pattern that matches nothing.
 */
export async function expandConfig(source: ConfigSource, policy: Policy, signal: AbortSignal): Promise<ConfigSource> {
  const paths = new Set<string>()
  for (const path of source.paths) {
    if (!isPattern(path)) paths.add(path)
    else for (const found of await requireMatches(path, policy, signal)) paths.add(found)
  }
  for (const path of source.optionalPaths ?? [])
    for (const found of isPattern(path) ? await matchesOf(path, policy, signal) : await ifThere(path)) paths.add(found)
  if (paths.size > longestMatch) throw tooMany(source.slug)
  return { ...source, paths: [...paths].sort(), optionalPaths: [] }
}

async function requireMatches(pattern: string, policy: Policy, signal: AbortSignal): Promise<string[]> {
  const found = await matchesOf(pattern, policy, signal)
  if (found.length > 0) return found
  throw new Problem({
    code: 'source-missing',
    text: `Nothing on this host matches ${pattern}.`,
    action: 'Correct the pattern, or move it to the paths that may be missing.',
    where: pattern.slice(0, 1000),
  })
}

async function ifThere(path: string): Promise<string[]> {
  const isThere = await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  )
  return isThere ? [path] : []
}

async function matchesOf(pattern: string, policy: Policy, signal: AbortSignal): Promise<string[]> {
  const segments = pattern.slice(1).split('/')
  const first = segments.findIndex(isPattern)
  const base = `/${segments.slice(0, first).join('/')}`
  await requireAllowed(base, policy)
  const search = { pattern, left: longestSearch, signal }
  let folders = [base]
  for (const segment of segments.slice(first, -1)) {
    const below: string[] = []
    for (const folder of folders) below.push(...(await namesIn(folder, segment, search, 'folders')))
    folders = below
  }
  const last = segments.at(-1) ?? ''
  const found: string[] = []
  for (const folder of folders) found.push(...(await namesIn(folder, last, search, 'all')))
  if (found.length > longestMatch) throw tooMany(pattern)
  return found
}

/** What a folder holds under names that fit; nothing where it is none. A link counts as itself, and is never gone through. */
async function namesIn(
  folder: string,
  segment: string,
  search: { pattern: string; left: number; signal: AbortSignal },
  wanted: 'folders' | 'all',
): Promise<string[]> {
  search.signal.throwIfAborted()
  const found: string[] = []
  const place = folder === '/' ? '' : folder
  try {
    if (!(await lstat(folder)).isDirectory()) return []
    for await (const entry of await opendir(folder)) {
      search.left -= 1
      if (search.left < 0) throw tooMany(search.pattern)
      if (!isMatch(entry.name, segment) || (wanted === 'folders' && !entry.isDirectory())) continue
      if (entry.name.includes('\uFFFD')) throw notUtf8(folder)
      found.push(`${place}/${entry.name}`)
    }
  } catch (error) {
    if (isMissing(error)) return []
    if (error instanceof Problem || search.signal.aborted) throw error
    throw new Problem({
      code: 'source-unreadable',
      text: `${folder} cannot be searched (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}).`,
      action: 'Let the worker run as root, or give it the right to read this.',
      where: folder.slice(0, 1000),
    })
  }
  return found
}

/** A folder above may be a link that leads out of what the policy allows. */
async function requireAllowed(base: string, policy: Policy): Promise<void> {
  if (!policy.sourceRoots.some((root) => isAtOrBelow(base, root))) throw outsidePolicy(base)
  const real = await realpath(base).catch((error) => {
    if (isMissing(error)) return base
    throw error
  })
  const roots = await Promise.all(policy.sourceRoots.map((root) => realpath(root).catch(() => root)))
  if (!roots.some((root) => isAtOrBelow(real, root))) throw outsidePolicy(base)
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function tooMany(where: string): Problem {
  return new Problem({
    code: 'too-many-paths',
    text: `${where} stands for more than ${longestMatch} paths, or for folders with more than ${longestSearch} entries.`,
    action: 'Name the folder itself: it is backed up with all that it holds. Or make it a directory tree.',
    where: where.slice(0, 1000),
  })
}

function notUtf8(folder: string): Problem {
  return new Problem({
    code: 'source-odd-name',
    text: `${folder} holds a name that is no UTF-8 and would match.`,
    action: 'Name the folder itself instead of a pattern.',
    where: folder.slice(0, 1000),
  })
}
