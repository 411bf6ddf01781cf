import { expect, test } from 'vitest'
import { createSourceSchema, settingsOf, updateSourceSchema } from './schema'

/** Promise: what a source form sends is either right, or refused at the field that is wrong. */

const workerId = 'b3f1c1de-5a39-4f3c-9d37-0f0a0c3c1a11'
const mongodb = {
  kind: 'mongodb',
  slug: 'mongo',
  workerId,
  connection: 'rs1/wt_mongo1:27017,wt_mongo2:27017',
  databases: '',
  consistency: 'best',
  tools: '',
}
const tree = { kind: 'tree', slug: 'homes', workerId, path: '/mnt/homes', exclude: '' }
const config = { kind: 'config', slug: 'config', workerId, paths: '/home/ubuntu/acme/acme.json' }

test('Whole Tale’s own values are taken as they are written', () => {
  const input = createSourceSchema.parse(mongodb)
  expect(settingsOf(input)).toEqual({ reach: 'direct', databases: null, consistency: 'best', tools: 'auto' })
  expect(settingsOf(createSourceSchema.parse({ ...tree, mustBeMount: 'on', exclude: '/mnt/homes/tmp\r\n\n' }))).toEqual(
    {
      path: '/mnt/homes',
      exclude: ['/mnt/homes/tmp'],
      oneFileSystem: false,
      mustBeMount: true,
    },
  )
  expect(settingsOf(createSourceSchema.parse(config))).toEqual({ paths: ['/home/ubuntu/acme/acme.json'] })
})

test('a container source is saved with its network and image, and a direct one without', () => {
  const input = { ...mongodb, reach: 'container', network: ' wt_mongo ', image: 'mongo:3.2' }
  expect(settingsOf(createSourceSchema.parse(input))).toMatchObject({
    reach: { network: 'wt_mongo', image: 'mongo:3.2' },
  })
  expect(settingsOf(updateSourceSchema.parse({ ...input, reach: 'direct' }))).toMatchObject({ reach: 'direct' })
})

test('patterns, paths that may be missing, and the volume of a tree are saved as they are written', () => {
  const input = { ...config, paths: '/etc/wt/*.yaml', optionalPaths: '/etc/wt/extra\n' }
  expect(settingsOf(createSourceSchema.parse(input))).toEqual({
    ...{ paths: ['/etc/wt/*.yaml'], optionalPaths: ['/etc/wt/extra'] },
  })
  const volume = { ...tree, mountPoint: '/mnt', girderPath: '/tmp/data' }
  expect(settingsOf(createSourceSchema.parse(volume))).toMatchObject({ mountPoint: '/mnt', girderPath: '/tmp/data' })
})

test('a connection never becomes part of the settings that are shown', () => {
  const input = createSourceSchema.parse({ ...mongodb, connection: 'mongodb://root:marker@host/admin' })
  expect(JSON.stringify(settingsOf(input))).not.toContain('marker')
})

test('a blank connection keeps the one that is saved', () => {
  expect(updateSourceSchema.parse({ ...mongodb, connection: ' ' })).toMatchObject({ connection: undefined })
})

test.each<[string, object, string]>([
  ['slug with capitals', { ...tree, slug: 'Homes' }, 'slug'],
  ['no worker', { ...tree, workerId: '' }, 'workerId'],
  ['relative path', { ...tree, path: 'mnt/homes' }, 'path'],
  ['path with ..', { ...tree, path: '/mnt/../etc' }, 'path'],
  ['exclusion outside the tree', { ...tree, exclude: '/srv' }, 'exclude'],
  ['exclusion of a neighbour with the same beginning', { ...tree, exclude: '/mnt/homes2' }, 'exclude'],
  ['exclusion of the tree itself', { ...tree, exclude: '/mnt/homes' }, 'exclude'],
  ['no path', { ...config, paths: ' \n' }, 'paths'],
  ['connection of another kind', { ...mongodb, connection: 'postgres://host' }, 'connection'],
  ['connection with blanks', { ...mongodb, connection: 'mongodb://a b' }, 'connection'],
  ['no connection', { ...mongodb, connection: '' }, 'connection'],
  ['database with a slash', { ...mongodb, databases: 'a/b' }, 'databases'],
  ['tool folder that is relative', { ...mongodb, tools: 'bin' }, 'tools'],
  ['container without a network', { ...mongodb, reach: 'container', image: 'mongo' }, 'network'],
  ['container with options for docker', { ...mongodb, reach: 'container', network: 'n', image: '-v /:/x' }, 'image'],
  [
    'several databases in a container',
    { ...mongodb, reach: 'container', network: 'n', image: 'mongo', databases: 'a\nb' },
    'databases',
  ],
  ['pattern over folders', { ...config, paths: '/etc/**/x' }, 'paths'],
  ['mount point that is relative', { ...tree, mountPoint: 'mnt' }, 'mountPoint'],
  ['a field of 1 MB', { ...config, paths: 'x'.repeat(1_000_000) }, 'paths'],
])('refused: %s', (_name, input, field) => {
  const issues = createSourceSchema.safeParse(input).error?.issues ?? []
  expect(issues.map(({ path }) => path[0])).toContain(field)
})
