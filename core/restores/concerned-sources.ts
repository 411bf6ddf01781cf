import { z } from 'zod'
import type { Source } from '@/lib/db'
import type { RestoreRequest } from './request-restore'

type Request = Pick<RestoreRequest, 'artifacts' | 'selection' | 'mongodbSourceId'>

/**
 * Which sources of a plan a restore in place by one worker replaces anything of: what its safety backup must hold. All of the plan's
 * where none can be told, since the plan may have changed since the backup.
 */
export function concernedSources<T extends Source>(
  sources: T[],
  request: Request,
  { workerId, artifacts }: { workerId: string; artifacts: { name: string; kind: string }[] },
): T[] {
  const own = sources.filter((source) => source.workerId === workerId)
  const mongodb = request.mongodbSourceId === null ? [] : own.filter(({ kind }) => kind === 'mongodb')
  if (request.mongodbSourceId !== null && !mongodb.some(({ id }) => id === request.mongodbSourceId)) return sources
  const isNamed = (wanted: string) =>
    artifacts.some(({ name, kind }) => kind === wanted && request.artifacts?.includes(name))
  const trees = own.filter(({ kind }) => kind === 'tree' && (request.artifacts === null || isNamed('files')))
  const config = own.filter(({ kind }) => kind === 'config' && isNamed('config'))
  const found = [...mongodb, ...narrowed(trees, request, artifacts), ...config]
  return found.length > 0 ? found : sources
}

/** Of trees out of which single things were chosen, those that hold them. */
function narrowed<T extends Source>(
  trees: T[],
  { selection }: Request,
  artifacts: { name: string; kind: string }[],
): T[] {
  const isOfFiles = (name: string) => artifacts.some((one) => one.name === name && one.kind === 'files')
  const chosen = (selection?.paths ?? [])
    .filter(({ artifact }) => isOfFiles(artifact))
    .flatMap(({ paths }) => paths.map((path) => `/${Buffer.from(path, 'base64').toString('latin1')}`))
  const holding = trees.filter((row) => {
    const settings = z.object({ path: z.string() }).safeParse(row.settings)
    const root = Buffer.from(settings.data?.path ?? '/').toString('latin1')
    return chosen.some((path) => liesAtOrBelow(path, root) || liesAtOrBelow(root, path))
  })
  return chosen.length > 0 && holding.length > 0 ? holding : trees
}

function liesAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`)
}
