import { expect, test } from 'vitest'
import type { Source } from '@/lib/db'
import { concernedSources } from './concerned-sources'

/** Promise: a safety backup holds all that a restore in place replaces, and no more sources than that takes. */
const artifacts = [
  { name: 'mongo.archive.zst', kind: 'mongodb' },
  { name: 'files.tar.zst', kind: 'files' },
  { name: 'config.tar.zst', kind: 'config' },
]
const row = (id: string, kind: Source['kind'], workerId: string, settings: object) =>
  ({ id, kind, workerId, settings }) as Source
const tree = (path: string) => ({ path, exclude: [], oneFileSystem: true, mustBeMount: false })
const mongodb = row('mongo', 'mongodb', 'files', {})
const homes = row('homes', 'tree', 'files', tree('/mnt/homes'))
const homes2 = row('homes2', 'tree', 'files', tree('/mnt/homes2'))
const config = row('config', 'config', 'files', {})
const elsewhere = row('acme', 'config', 'manager', {})
const all = [mongodb, homes, homes2, config, elsewhere]

const concerned = (changes: Partial<Parameters<typeof concernedSources>[1]>) =>
  concernedSources(
    all,
    { artifacts: null, selection: null, mongodbSourceId: null, ...changes },
    { workerId: 'files', artifacts },
  ).map(({ id }) => id)
const chosen = (path: string) => ({
  artifacts: ['files.tar.zst'],
  selection: {
    namespaces: null,
    paths: [{ artifact: 'files.tar.zst', paths: [Buffer.from(path.slice(1)).toString('base64')] }],
  },
})

test('everything of the worker but its configuration, which is only restored when it is named', () => {
  expect(concerned({ mongodbSourceId: 'mongo' })).toEqual(['mongo', 'homes', 'homes2'])
  expect(concerned({})).toEqual(['homes', 'homes2'])
  expect(concerned({ artifacts: ['config.tar.zst'] })).toEqual(['config'])
  expect(concerned({ artifacts: ['mongo.archive.zst'], mongodbSourceId: 'mongo' })).toEqual(['mongo'])
})

test('of one home the tree that holds it', () => {
  expect(concerned(chosen('/mnt/homes/a/ada'))).toEqual(['homes'])
  expect(concerned(chosen('/mnt/homes2'))).toEqual(['homes2'])
  expect(concerned(chosen('/mnt'))).toEqual(['homes', 'homes2'])
})

test('what the plan does not know makes it all of the plan', () => {
  expect(concerned({ mongodbSourceId: 'another' })).toHaveLength(all.length)
  expect(concerned(chosen('/srv/gone'))).toEqual(['homes', 'homes2'])
})
