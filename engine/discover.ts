import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { rootSettings } from '@/protocol/fix-ups'
import { absolutePathSchema } from '@/protocol/names'
import type { MongodbSource } from '@/protocol/sources'
import type { Discovered } from '@/protocol/worker-api'
import { requireMongodbAllowed } from './check-policy'
import type { RunContext } from './context'
import { isAtOrBelow } from './files/archive-plan'
import { type MongodbAddress, parseAddress } from './mongodb/address'
import { isOfInstance } from './mongodb/list-namespaces'
import { readRows } from './mongodb/read-rows'
import type { Row } from './mongodb/row-query'

/** girder/constants.py, class AssetstoreType */
const assetstoreKinds = ['filesystem', 'gridfs', 's3'] as const

const longest = { databases: 50, assetstores: 100, folders: 20_000, roots: 200 }

/**
 * Looks what Girder keeps and where, so that what no source covers can be told: databases, assetstores, and folders that it names
 * by path. Reads a few small collections; changes nothing. Throws a Problem.
 */
export async function discover(source: MongodbSource, context: RunContext): Promise<Discovered> {
  requireMongodbAllowed(context.policy, source.reach)
  const address = parseAddress(source.connection)
  const read = (queries: Parameters<typeof readRows>[2]) => readRows(source, address, queries, context.signal)
  const { databases } = await read([])
  const candidates = databases
    .map(({ name }) => name)
    .filter((name) => isOfInstance(name) && name !== 'admin' && name !== 'config')
    .slice(0, longest.databases)
  const { rows: stores } = await read(candidates.map(assetstoreQuery))
  const girder = candidates.filter((_, index) => (stores[index] ?? []).length > 0)
  const { rows } = await read(girder.flatMap((database) => [settingQuery(database), folderQuery(database)]))
  const settings = rows.filter((_, index) => index % 2 === 0).flat()
  const folders = rows.filter((_, index) => index % 2 === 1)
  const paths = folders.flat().flatMap(([path]) => pathOf(path))
  return {
    databases: databases.slice(0, 1000),
    girder,
    assetstores: await Promise.all(
      stores
        .flat()
        .slice(0, 200)
        .map((row) => assetstoreOf(row, address)),
    ),
    roots: await findRoots(settings, paths),
    isWhole: folders.every((found) => found.length < longest.folders),
  }
}

function assetstoreQuery(database: string) {
  const fields = ['name', 'type', 'db', 'root', 'bucket', 'mongohost']
  return { database, collection: 'assetstore', filter: {}, fields, limit: longest.assetstores }
}

function settingQuery(database: string) {
  return {
    database,
    collection: 'setting',
    filter: { key: { $in: rootSettings } },
    fields: ['key', 'value'],
    limit: 100,
  }
}

function folderQuery(database: string) {
  const filter = { fsPath: { $exists: true } }
  return { database, collection: 'folder', filter, fields: ['fsPath'], limit: longest.folders }
}

async function assetstoreOf(row: Row, address: MongodbAddress): Promise<Discovered['assetstores'][number]> {
  const [name, type, database, root, bucket, mongohost] = row
  const kind = assetstoreKinds[Number(type)] ?? 'other'
  const place = { filesystem: root, gridfs: database, s3: bucket, other: '' }[kind]
  return {
    name: String(name ?? '').slice(0, 200),
    kind,
    place: String(place ?? '').slice(0, 4096),
    otherServer: kind === 'gridfs' && mongohost ? otherServer(String(mongohost), address) : null,
    isOnHost: kind === 'filesystem' ? await isOnHost(String(root ?? '')) : null,
  }
}

/** Hosts only: an address may hold a password. */
function otherServer(mongohost: string, address: MongodbAddress): string | null {
  try {
    const { hosts } = parseAddress(mongohost)
    const own = address.hosts.split(',')
    return hosts.split(',').some((host) => own.includes(host)) ? null : hosts.slice(0, 500)
  } catch {
    return 'an address that cannot be read'
  }
}

/** The folders of the settings, and for what lies below none of them the closest folder that holds all of it. */
async function findRoots(settings: Row[], paths: string[]): Promise<Discovered['roots']> {
  const keys = new Map<string, string[]>()
  for (const [key, value] of settings)
    for (const path of pathOf(value)) keys.set(path, [...(keys.get(path) ?? []), String(key)])
  const strays = paths.filter((path) => ![...keys.keys()].some((root) => isAtOrBelow(path, root)))
  const roots = [...new Set([...keys.keys(), ...commonFolders(strays)])].slice(0, longest.roots)
  return Promise.all(
    roots.map(async (path) => ({
      path,
      settings: [...new Set(keys.get(path))].slice(0, 50),
      folders: paths.filter((candidate) => isAtOrBelow(candidate, path)).length,
      isOnHost: await isOnHost(path),
    })),
  )
}

/** Of paths with the same first two names, the closest folder above them all. */
function commonFolders(paths: string[]): string[] {
  const groups = new Map<string, string>()
  for (const path of paths) {
    const group = path.split('/').slice(0, 3).join('/')
    let common = groups.get(group) ?? dirname(path)
    while (!isAtOrBelow(path, common)) common = dirname(common)
    groups.set(group, common)
  }
  return [...groups.values()]
}

/** None where it is not an absolute path as we write them: it comes out of the instance's database. */
function pathOf(value: unknown): string[] {
  const path = absolutePathSchema.safeParse(String(value ?? '').replace(/(?<=.)\/+$/, ''))
  return path.success && path.data !== '/' ? [path.data] : []
}

async function isOnHost(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  )
}
