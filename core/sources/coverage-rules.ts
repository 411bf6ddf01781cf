import { z } from 'zod'
import { absolutePathSchema, slugSchema } from '@/protocol/names'
import type { ConfigSource, MongodbSource, TreeSource } from '@/protocol/sources'
import type { Discovered } from '@/protocol/worker-api'

/** What one click mends. */
export const coverageFixSchema = z.discriminatedUnion('kind', [
  /** `source` dumps this database too */
  z.object({ kind: z.literal('add-database'), source: slugSchema, database: z.string().min(1).max(63) }),
  /** a new tree, read by the worker of `source` */
  z.object({ kind: z.literal('add-tree'), source: slugSchema, path: absolutePathSchema }),
  /** the tree `source` is what Girder calls `path` */
  z.object({ kind: z.literal('name-girder-path'), source: slugSchema, path: absolutePathSchema }),
])
export type CoverageFix = z.infer<typeof coverageFixSchema>

export type CoverageFinding = {
  /** `warning`: data that would not come back. `hint`: worth knowing. */
  level: 'warning' | 'hint'
  text: string
  fixes: CoverageFix[]
}

/** Sources of one instance, without what is secret. */
export type CoveringSource =
  | ({ kind: 'mongodb'; slug: string } & Pick<MongodbSource, 'databases'>)
  | ({ kind: 'tree'; slug: string } & Pick<TreeSource, 'path' | 'exclude' | 'girderPath'>)
  | ({ kind: 'config'; slug: string } & Pick<ConfigSource, 'paths'>)

type Tree = Extract<CoveringSource, { kind: 'tree' }>
/** A folder that Girder names, and why. */
type Folder = { path: string; why: string; isOnHost: boolean; isCache: boolean }

/** Girder's cache of registered data: fetched again when it is missing. */
const cacheSetting = 'dm.private_storage_path'

/**
 * What Girder needs and no source covers. `asked` is the MongoDB source that the worker looked through; `sources` are all of the
 * instance. Pure.
 */
export function findUncovered(discovered: Discovered, asked: string, sources: CoveringSource[]): CoverageFinding[] {
  const trees = sources.filter((source) => source.kind === 'tree')
  const uncovered = foldersOf(discovered).filter((folder) => !isCovered(folder.path, trees))
  return [
    ...(discovered.girder.length === 0 ? [noGirder()] : []),
    ...assetstoresOf(discovered).flatMap((store) => assetstoreFindings(store, discovered, asked, sources)),
    ...uncovered.map((folder) => folderFinding(folder, asked, trees, uncovered)),
    ...(discovered.isWhole ? [] : [notWhole()]),
  ]
}

/** Each once: databases that a restore keeps beside name the same ones. */
function assetstoresOf({ assetstores }: Discovered): Discovered['assetstores'] {
  const keyOf = ({ name, kind, place, otherServer }: (typeof assetstores)[number]) =>
    JSON.stringify([name, kind, place, otherServer])
  return [...new Map(assetstores.map((store) => [keyOf(store), store])).values()]
}

function assetstoreFindings(
  store: Discovered['assetstores'][number],
  { databases }: Discovered,
  asked: string,
  sources: CoveringSource[],
): CoverageFinding[] {
  const { name, kind, place, otherServer } = store
  if (kind === 's3')
    return [hint(`The assetstore “${name}” keeps its files in the S3 bucket ${place}, which no source covers.`)]
  if (kind !== 'gridfs') return []
  if (otherServer)
    return [
      warning(
        `The assetstore “${name}” keeps its files in ${place} on another server, ${otherServer}. Make a MongoDB source of it.`,
      ),
    ]
  const isDumped = sources.some(
    (source) => source.kind === 'mongodb' && (source.databases?.includes(place) ?? source.slug === asked),
  )
  if (isDumped) return []
  if (!databases.some((database) => database.name === place))
    return [warning(`The assetstore “${name}” names the database ${place}, which this server does not have.`)]
  const text = `The assetstore “${name}” keeps its files in the database ${place}, which no source dumps: every uploaded file would be lost.`
  return [warning(text, [{ kind: 'add-database', source: asked, database: place }])]
}

function foldersOf({ assetstores, roots }: Discovered): Folder[] {
  const folders = new Map<string, Folder>()
  for (const { path, settings, folders: count, isOnHost } of roots) {
    const why = settings.length
      ? `Girder's setting ${settings.join(', ')} names it`
      : `${count === 1 ? 'one folder lies' : `${count} folders lie`} there, as their fsPath says`
    folders.set(path, {
      path,
      why,
      isOnHost,
      isCache: settings.length > 0 && settings.every((key) => key === cacheSetting),
    })
  }
  for (const { name, kind, place, isOnHost } of assetstores)
    if (kind === 'filesystem' && absolutePathSchema.safeParse(place).success)
      folders.set(place, {
        path: place,
        why: `the assetstore “${name}” keeps its files there`,
        isOnHost: isOnHost ?? false,
        isCache: false,
      })
  return [...folders.values()]
}

/** A path as Girder writes it lies in a tree when it does so as it stands, or after its container's name was put back. */
function isCovered(path: string, trees: Tree[]): boolean {
  return trees.some((tree) => {
    const places = [path, ...(tree.girderPath ? [translate(path, tree.girderPath, tree.path)] : [])]
    return places.some(
      (place) =>
        place !== null && isAtOrBelow(place, tree.path) && !tree.exclude.some((left) => isAtOrBelow(place, left)),
    )
  })
}

function translate(path: string, from: string, to: string): string | null {
  return isAtOrBelow(path, from) ? `${to}${path.slice(from === '/' ? 0 : from.length)}` : null
}

function folderFinding(
  { path, why, isOnHost, isCache }: Folder,
  asked: string,
  trees: Tree[],
  all: Folder[],
): CoverageFinding {
  if (isCache)
    return hint(
      `${path} is in no source: the cache of registered data, which Girder fetches again. It is usually left out.`,
      isOnHost ? [{ kind: 'add-tree', source: asked, path }] : [],
    )
  const text = `${path} is in no source: ${why}.`
  if (isOnHost) return warning(text, [{ kind: 'add-tree', source: asked, path }])
  const girderPath = commonParent(
    all.filter((folder) => !folder.isOnHost && !folder.isCache).map((folder) => folder.path),
  )
  return warning(
    `${text} This host has no such folder, so that it is probably what Girder's container calls one of the trees.`,
    trees
      .filter((tree) => !tree.girderPath)
      .slice(0, 3)
      .map((tree) => ({ kind: 'name-girder-path', source: tree.slug, path: girderPath })),
  )
}

/** The closest folder above all of them. */
function commonParent(paths: string[]): string {
  let common = parentOf(paths[0] ?? '/')
  for (const path of paths) while (!isAtOrBelow(path, common)) common = parentOf(common)
  return common
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0)) || '/'
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`)
}

function warning(text: string, fixes: CoverageFix[] = []): CoverageFinding {
  return { level: 'warning', text, fixes }
}

function hint(text: string, fixes: CoverageFix[] = []): CoverageFinding {
  return { level: 'hint', text, fixes }
}

function noGirder(): CoverageFinding {
  return hint('None of these databases has an assetstore of Girder, so that nothing more can be told about files.')
}

function notWhole(): CoverageFinding {
  return hint('There are more folders than were looked at; one that lies elsewhere may be missing here.')
}
