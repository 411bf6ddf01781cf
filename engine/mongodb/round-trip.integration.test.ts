import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { MongoServer } from '@/lib/mongo-driver'
import { findTools } from '@/lib/mongo-tools'
import { isWanted, type SelectedNamespace } from '@/protocol/selection'
import type { MongodbSource } from '@/protocol/sources'
import { fillRareTypes, fillSampleMongodb } from '@/scripts/sample/mongodb'
import { compareMongodb } from './compare-mongodb'
import { dropDatabases } from './drop-databases'
import { dumpMongodb } from './dump-mongodb'
import { probeMongodb } from './probe-mongodb'
import { restoreMongodb } from './restore-mongodb'

const signal = new AbortController().signal
const samplePrefix = 'round_trip_'
const databases = ['round_trip_girder', 'round_trip_girder_assets']
const temporaryFolder = mkdtempSync(join(tmpdir(), 'talekeeper-mongodb-'))

beforeAll(async () => {
  await fillSampleMongodb(inject('mongodbUrl'), { documents: 2000, chunkMegabytes: 2, databasePrefix: samplePrefix })
  await fillRareTypes(inject('mongodbUrl'), 'round_trip_girder')
})

afterAll(async () => {
  await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix: samplePrefix, signal })
  rmSync(temporaryFolder, { recursive: true, force: true })
})

function sourceOf(part: Partial<MongodbSource>): MongodbSource {
  return {
    kind: 'mongodb',
    id: '00000000-0000-4000-8000-000000000000',
    slug: 'girder',
    reach: 'direct',
    connection: inject('mongodbUrl'),
    databases,
    consistency: 'best',
    tools: 'built-in',
    ...part,
  }
}

async function dump(part: Partial<MongodbSource>) {
  const source = sourceOf(part)
  const probe = await probeMongodb(source, { toolFolders: [], temporaryFolder, signal })
  const chunks: Uint8Array[] = []
  const facts = await dumpMongodb(source, probe, {
    sink: { write: (chunk) => void chunks.push(chunk), partBytes: 1024 ** 2, position: () => ({ part: 0, offset: 0 }) },
    temporaryFolder,
    signal,
    warn: (warning) => expect(warning).toBeUndefined(),
    log: () => {},
    progress: () => {},
  })
  return { facts, chunks }
}

async function restore(
  chunks: Uint8Array[],
  databasePrefix: string,
  tools: MongodbSource['tools'],
  namespaces: SelectedNamespace[] | null = null,
) {
  return restoreMongodb({
    archive: (async function* () {
      yield* chunks
    })(),
    connection: inject('mongodbUrl'),
    databasePrefix,
    namespaces,
    tools,
    toolFolders: [],
    temporaryFolder,
    signal,
    warn: (warning) => expect(warning).toBeUndefined(),
    log: () => {},
    progress: () => {},
  })
}

const dumpTools = await findTools('mongodump', [])
const restoreTools = await findTools('mongorestore', [])
const isComplete = dumpTools.length > 0 && restoreTools.length > 0
if (!isComplete)
  // biome-ignore lint/suspicious/noConsole: a test that is left out must say so
  console.warn(
    'SKIPPED: round trips by mongodump and mongorestore, which are not on PATH; only the built-in way was tried',
  )

const folderOf = (program: string | undefined) => (program ? join(program, '..') : 'built-in')
const ways: [string, MongodbSource['tools'], MongodbSource['tools']][] = [
  ['built-in', 'built-in', 'built-in'],
  ...(isComplete
    ? ([
        ['built-in dump, mongorestore', 'built-in', folderOf(restoreTools[0]?.program)],
        ['mongodump, built-in restore', folderOf(dumpTools[0]?.program), 'built-in'],
        ['mongodump, mongorestore', folderOf(dumpTools[0]?.program), folderOf(restoreTools[0]?.program)],
      ] as [string, MongodbSource['tools'], MongodbSource['tools']][])
    : []),
]

describe.each(ways)('%s', (name, dumpWith, restoreWith) => {
  test('every document comes back byte for byte, and nothing with the address stays behind', async () => {
    const ofOne = dumpWith === 'built-in' ? databases : ['round_trip_girder']
    const { facts, chunks } = await dump({ tools: dumpWith, databases: ofOne })
    const databasePrefix = `rt${ways.findIndex((way) => way[0] === name)}_`
    const restored = await restore(chunks, databasePrefix, restoreWith)
    const compared = await compareMongodb({
      connection: inject('mongodbUrl'),
      databasePrefix,
      namespaces: facts.namespaces,
      skippedNamespaces: restored.skippedNamespaces,
      signal,
      progress: () => {},
    })
    const dropped = await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix, signal })
    expect(compared).toMatchObject({
      namespacesIdentical: facts.namespaces.length,
      differenceCount: 0,
      differences: [],
    })
    expect(compared.documentsCompared).toBeGreaterThan(1900)
    expect(dropped).toEqual(ofOne.map((database) => databasePrefix + database))
    expect(readdirSync(temporaryFolder)).toEqual([])
  })

  test('of a chosen database and a chosen collection every document comes back, and nothing else', async () => {
    const ofOne = dumpWith === 'built-in' ? databases : ['round_trip_girder']
    const { facts, chunks } = await dump({ tools: dumpWith, databases: ofOne })
    const databasePrefix = `rs${ways.findIndex((way) => way[0] === name)}_`
    const choice: SelectedNamespace[] = [
      { database: 'round_trip_girder', collection: 'user' },
      { database: 'round_trip_girder', collection: 'rare types' },
      { database: 'round_trip_girder_assets', collection: null },
    ]
    const { documents, skippedNamespaces } = await restore(chunks, databasePrefix, restoreWith, choice)
    const wanted = facts.namespaces.filter((namespace) => isWanted(namespace, choice))
    const compared = await compareMongodb({
      connection: inject('mongodbUrl'),
      databasePrefix,
      namespaces: wanted,
      skippedNamespaces,
      signal,
      progress: () => {},
    })
    await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix, signal })
    expect(wanted.length).toBeGreaterThanOrEqual(2)
    expect(compared).toMatchObject({ namespacesIdentical: wanted.length, differenceCount: 0, differences: [] })
    expect(documents).toBe(wanted.reduce((sum, namespace) => sum + namespace.documents, 0))
  })
})

test('a changed document, a missing and a foreign collection are each named', async () => {
  const { facts, chunks } = await dump({})
  const databasePrefix = 'rtx_'
  await restore(chunks, databasePrefix, 'built-in')
  const server = await MongoServer.connect(inject('mongodbUrl'))
  await server.renameCollection('rtx_round_trip_girder', 'user', 'person')
  await server.close()
  const compared = await compareMongodb({
    connection: inject('mongodbUrl'),
    databasePrefix,
    namespaces: facts.namespaces.map((namespace) =>
      namespace.collection === 'item' ? { ...namespace, digest: '0'.repeat(64) } : namespace,
    ),
    skippedNamespaces: [],
    signal,
    progress: () => {},
  })
  await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix, signal })
  expect(new Set(compared.differences.map(({ where }) => where))).toEqual(
    new Set(['round_trip_girder.item', 'round_trip_girder.person', 'round_trip_girder.user']),
  )
})

test('a restore never writes into a database that exists', async () => {
  const { chunks } = await dump({ databases: ['round_trip_girder_assets'] })
  await restore(chunks, 'rty_', 'built-in')
  await expect(restore(chunks, 'rty_', 'built-in')).rejects.toMatchObject({ code: 'target-exists' })
  await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix: 'rty_', signal })
})

test('a damaged archive fails the restore', async () => {
  const { chunks } = await dump({})
  const archive = Buffer.concat(chunks)
  const at = archive.length - 5000
  archive.writeUInt8(archive.readUInt8(at) ^ 1, at)
  await expect(restore([archive], 'rtz_', 'built-in')).rejects.toMatchObject({ code: 'archive-damaged' })
  await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix: 'rtz_', signal })
})

test('a database that is not there is a failure before anything is written', async () => {
  await expect(dump({ databases: ['no_such_database'] })).rejects.toMatchObject({ code: 'mongodb-unknown-database' })
})

test('an interrupted dump ends with the reason of the signal', async () => {
  const stop = new AbortController()
  const source = sourceOf({})
  const probe = await probeMongodb(source, { toolFolders: [], temporaryFolder, signal })
  const dumping = dumpMongodb(source, probe, {
    sink: {
      write: () => void stop.abort(new Error('cancelled by the test')),
      partBytes: 1024 ** 2,
      position: () => ({ part: 0, offset: 0 }),
    },
    temporaryFolder,
    signal: stop.signal,
    warn: () => {},
    log: () => {},
    progress: () => {},
  })
  await expect(dumping).rejects.toThrow('cancelled by the test')
})
