import { expect, test } from 'vitest'
import type { Discovered } from '@/protocol/worker-api'
import { type CoveringSource, findUncovered } from './coverage-rules'

/** Promise: whatever Girder keeps outside the sources of its instance is told, with what mends it, and nothing else is. */

const nothing: Discovered = { databases: [], girder: ['girder'], assetstores: [], roots: [], isWhole: true }
const gridfs = { name: 'GridFS local', kind: 'gridfs' as const, place: 'assets', otherServer: null, isOnHost: null }
const root = (path: string, settings: string[] = ['wthome.homedir_root'], isOnHost = true) => ({
  ...{ path, settings, folders: 3, isOnHost },
})
const mongodb = (databases: string[] | null): CoveringSource => ({ kind: 'mongodb', slug: 'mongo', databases })
const tree = (path: string, changes: { exclude?: string[]; girderPath?: string } = {}): CoveringSource => ({
  ...{ kind: 'tree', slug: 'homes', path, exclude: [] },
  ...changes,
})
const find = (discovered: Partial<Discovered>, sources: CoveringSource[]) =>
  findUncovered({ ...nothing, ...discovered }, 'mongo', sources)

test('a database that GridFS lies in is covered by all databases or by its name, else one click adds it', () => {
  const discovered = { databases: [{ name: 'assets', sizeBytes: 1 }], assetstores: [gridfs] }
  expect(find(discovered, [mongodb(null)])).toEqual([])
  expect(find(discovered, [mongodb(['girder', 'assets'])])).toEqual([])
  expect(find(discovered, [mongodb(['girder'])])).toMatchObject([
    { level: 'warning', fixes: [{ kind: 'add-database', source: 'mongo', database: 'assets' }] },
  ])
  expect(find({ assetstores: [gridfs] }, [mongodb(['girder'])])).toMatchObject([{ level: 'warning', fixes: [] }])
  const elsewhere = { ...gridfs, otherServer: 'other:27017' }
  expect(find({ assetstores: [elsewhere] }, [mongodb(null)])[0]?.text).toContain('other:27017')
})

test('a folder is covered by a tree above it, unless it is left out there', () => {
  const roots = [root('/mnt/homes/homes')]
  expect(find({ roots }, [tree('/mnt/homes')])).toEqual([])
  expect(find({ roots }, [tree('/mnt/homes/homes')])).toEqual([])
  for (const sources of [[], [tree('/mnt/home')], [tree('/mnt/homes', { exclude: ['/mnt/homes/homes'] })]])
    expect(find({ roots }, sources)).toMatchObject([
      { level: 'warning', fixes: [{ kind: 'add-tree', source: 'mongo', path: '/mnt/homes/homes' }] },
    ])
})

test('the name that Girder’s container has for a tree counts, and is proposed where a folder is not on the host', () => {
  const roots = ['/tmp/data/homes', '/tmp/data/workspaces'].map((path) => root(path, ['wthome.homedir_root'], false))
  expect(find({ roots }, [tree('/mnt/homes', { girderPath: '/tmp/data' })])).toEqual([])
  expect(
    find({ roots }, [tree('/mnt/homes', { girderPath: '/tmp/data', exclude: ['/mnt/homes/homes'] })]),
  ).toHaveLength(1)
  const found = find({ roots }, [tree('/mnt/homes')])
  expect(found).toHaveLength(2)
  expect(found[0]?.fixes).toEqual([{ kind: 'name-girder-path', source: 'homes', path: '/tmp/data' }])
})

test('filesystem assetstores are folders too; buckets and the cache of registered data are hints', () => {
  const store = { name: 'base', kind: 'filesystem' as const, place: '/srv/base', otherServer: null, isOnHost: true }
  expect(find({ assetstores: [store] }, [])).toMatchObject([{ level: 'warning', fixes: [{ path: '/srv/base' }] }])
  expect(find({ assetstores: [store] }, [tree('/srv')])).toEqual([])
  const bucket = { ...store, kind: 's3' as const, place: 'bucket' }
  expect(find({ assetstores: [bucket] }, [tree('/srv')])).toMatchObject([{ level: 'hint', fixes: [] }])
  expect(find({ roots: [root('/mnt/dms', ['dm.private_storage_path'])] }, [])).toMatchObject([{ level: 'hint' }])
})

test('what cannot be told is said', () => {
  expect(find({ girder: [] }, [])).toMatchObject([{ level: 'hint' }])
  expect(find({ isWhole: false }, [])).toMatchObject([{ level: 'hint' }])
})
