import { expect, test } from 'vitest'
import { dockerDumpArguments, dockerDumpCommand, mongodbContainerSchema, mongodumpArguments } from './mongodb-container'

/** Promise: a container source is dumped with exactly this command line, which never holds a secret nor more than was meant. */

const container = { network: 'wt_mongo', image: 'mongo:3.2' }
const dump = { container, name: 'talekeeper-1', database: null, oplog: false }

test('the address stands in a file that is mounted, read-only', () => {
  expect(dockerDumpArguments({ ...dump, address: { configFile: '/var/lib/tk/mongo-1.yaml' } })).toEqual([
    'run',
    '--rm',
    '--interactive',
    '--name=talekeeper-1',
    '--log-driver=none',
    '--network=wt_mongo',
    '--mount=type=bind,source=/var/lib/tk/mongo-1.yaml,target=/run/talekeeper/mongodb.yaml,readonly',
    '--entrypoint=mongodump',
    'mongo:3.2',
    '--config=/run/talekeeper/mongodb.yaml',
    '--archive',
    '--numParallelCollections=1',
  ])
})

test('tools too old for such a file get hosts without secrets, and nothing is mounted', () => {
  const command = dockerDumpArguments({ ...dump, address: { hosts: 'rs1/wt_mongo1:27017' }, oplog: true })
  expect(command.slice(6)).toEqual([
    '--entrypoint=mongodump',
    'mongo:3.2',
    '--host=rs1/wt_mongo1:27017',
    '--archive',
    '--numParallelCollections=1',
    '--oplog',
  ])
})

test('the form shows the same command, an argument a line', () => {
  const address = { configFile: 'FILE' }
  const words = dockerDumpArguments({ ...dump, name: 'talekeeper', address, database: 'girder' })
  expect(words.at(-1)).toBe('--db=girder')
  expect(dockerDumpCommand(container, 'girder').replace(/ \\\n {2}/g, ' ')).toBe(`docker ${words.join(' ')}`)
})

test('--oplog goes with a whole dump', () => {
  expect(mongodumpArguments({ address: { configFile: '/tmp/x.yaml' }, database: null, oplog: true })).toEqual([
    '--config=/tmp/x.yaml',
    '--archive',
    '--numParallelCollections=1',
    '--oplog',
  ])
})

test.each([
  { network: 'wt_mongo', image: 'mongo:3.2' },
  { network: 'host', image: 'registry.example.org:5000/whole-tale/mongo@sha256:'.concat('a'.repeat(64)) },
  { network: 'a.b-c', image: 'mongo' },
])('$image in $network is taken', (input) => {
  expect(mongodbContainerSchema.safeParse(input).success).toBe(true)
})

test.each([
  { network: '--privileged', image: 'mongo' },
  { network: 'a b', image: 'mongo' },
  { network: 'container:x', image: 'mongo' },
  { network: '', image: 'mongo' },
  { network: 'x', image: '--privileged' },
  { network: 'x', image: 'mongo --volume=/:/host' },
  { network: 'x', image: 'mongo\n' + 'x' },
  { network: 'x', image: '' },
])('$image in $network is refused', (input) => {
  expect(mongodbContainerSchema.safeParse(input).success).toBe(false)
})
