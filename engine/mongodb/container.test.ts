import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { checkSource } from '@/engine/check-source'
import type { MongodbSource } from '@/protocol/sources'
import { DockerStandIn } from './docker-stand-in'
import { dumpMongodb } from './dump-mongodb'
import { probeMongodb } from './probe-mongodb'

/**
 * Promise: a container source is dumped by docker with streams that carry the whole archive, and its password is seen by nobody:
 * not in an argument, not in the environment, and in a file only as long as mongodump runs.
 */

const fixtures = join(import.meta.dirname, 'fixtures')
const secret = 's3cret-marker'
let docker: DockerStandIn
let temporaryFolder: string

beforeAll(() => {
  docker = new DockerStandIn()
  temporaryFolder = mkdtempSync(join(tmpdir(), 'talekeeper-container-'))
  process.env.PATH = `${docker.path}:${process.env.PATH}`
  addImage('mongo:7.0', 'mongodump version: 100.9.4', 'mongosh')
  addImage('mongo:3.2', 'mongodump version: r3.2.22', 'mongo')
  docker.addProgram(
    'mongo:broken',
    'mongodump',
    `process.argv[2] === '--version' ? console.log('mongodump version: 100.9.4') : process.exit(1)`,
  )
  docker.addProgram('mongo:broken', 'mongosh', shell)
  docker.addProgram(
    'mongo:endless',
    'mongodump',
    `process.argv[2] === '--version' ? console.log('mongodump version: 100.9.4') : setInterval(() => process.stdout.write('x'), 10)`,
  )
  docker.addProgram('mongo:endless', 'mongosh', shell)
})
beforeEach(() => void docker.takeCalls())
afterAll(() => {
  docker.close()
  rmSync(temporaryFolder, { recursive: true, force: true })
})

/** A shell as old as any: it evaluates what comes on stdin, greets and prompts. */
const shell = `
const found = { girder: [{ _id: { toString: () => 'id' }, name: 'GridFS', type: 1, db: 'assets' }] }
class Mongo {
  constructor(address) { if (!/wt_mongo/.test(address)) throw new Error('no such host ' + address) }
  getDB(database) {
    return {
      runCommand: (command) => ({
        ok: 1, version: '3.2.22', maxWireVersion: 4, setName: 'rs1',
        databases: ['admin', 'girder', 'odd'].map((name) => ({ name, sizeOnDisk: { toString: () => '4096' } })),
      }),
      getCollection: () => ({ find: () => ({ limit: () => ({ toArray: () => found[database] ?? [] }) }) }),
    }
  }
}
const lines = []
process.stdin.on('data', (chunk) => lines.push(chunk)).on('end', () => {
  console.log('MongoDB shell version: x')
  require('node:vm').runInNewContext(Buffer.concat(lines).toString(), { Mongo, print: (text) => console.log('> ' + text), JSON })
  console.log('bye')
})`

function addImage(image: string, version: string, shellName: string): void {
  docker.addProgram(
    image,
    'mongodump',
    `const { createReadStream, readFileSync } = require('node:fs')
     if (process.argv[2] === '--version') { console.log(${JSON.stringify(version)}); process.exit() }
     process.stderr.write(readFileSync(__dirname + '/log'))
     createReadStream(__dirname + '/archive').pipe(process.stdout)`,
  )
  docker.addProgram(image, shellName, shell)
  docker.addFile(image, join(fixtures, 'full-100.18.archive'), 'archive')
  docker.addFile(image, join(fixtures, 'full-100.18.log'), 'log')
}

function sourceOf(image: string, connection: string, changes: Partial<MongodbSource> = {}): MongodbSource {
  return {
    ...{ kind: 'mongodb', id: '00000000-0000-4000-8000-000000000000', slug: 'girder', databases: null },
    ...{ reach: { network: 'wt_mongo', image }, connection, consistency: 'best', tools: 'auto' },
    ...changes,
  }
}

const withPassword = `mongodb://backup:${secret}@wt_mongo1:27017,wt_mongo2:27017/?replicaSet=rs1`

async function dump(source: MongodbSource, signal = new AbortController().signal, onChunk: () => void = () => {}) {
  const probe = await probeMongodb(source, { toolFolders: [], temporaryFolder, signal })
  const chunks: Uint8Array[] = []
  const sink = {
    partBytes: 1024 * 1024,
    position: () => ({ part: 0, offset: 0 }),
    write: (chunk: Uint8Array) => {
      chunks.push(chunk)
      onChunk()
      return undefined
    },
  }
  const silent = { warn: () => {}, log: () => {}, progress: () => {} }
  const facts = await dumpMongodb(source, probe, { sink, temporaryFolder, signal, ...silent })
  return { probe, facts, archive: Buffer.concat(chunks) }
}

test('the archive comes out whole, and the password in a file that only mongodump reads and that is gone', async () => {
  const { probe, facts, archive } = await dump(sourceOf('mongo:7.0', withPassword))
  expect(probe).toMatchObject({ serverVersion: '3.2.22', replicaSet: 'rs1', consistency: 'oplog' })
  expect(probe.databases).toContainEqual({ name: 'girder', sizeBytes: 4096 })
  expect(archive.equals(readFileSync(join(fixtures, 'full-100.18.archive')))).toBe(true)
  expect(facts).toMatchObject({ writtenBy: 'mongodump', toolVersion: '100.9.4' })

  const calls = docker.takeCalls()
  expect(calls.map((call) => call.arguments.find((text) => text.startsWith('--entrypoint')))).toEqual([
    '--entrypoint=sh',
    '--entrypoint=mongodump',
  ])
  for (const call of calls) expect(JSON.stringify([call.arguments, call.environment])).not.toContain(secret)
  const [mount] = calls[1]?.mounts ?? []
  expect(mount).toMatchObject({ mode: '600', target: '/run/talekeeper/mongodb.yaml' })
  expect(mount?.content).toContain(secret)
  expect(existsSync(mount?.source ?? '')).toBe(false)
  expect(readdirSync(temporaryFolder)).toEqual([])
})

test('tools of MongoDB 3.2 get hosts without secrets, and are refused a password', async () => {
  await dump(sourceOf('mongo:3.2', 'rs1/wt_mongo1:27017,wt_mongo2:27017'))
  const last = docker.takeCalls().at(-1)
  expect(last?.arguments.slice(-4)).toEqual([
    '--host=rs1/wt_mongo1:27017,wt_mongo2:27017',
    '--archive',
    '--numParallelCollections=1',
    '--oplog',
  ])
  expect(last?.mounts).toEqual([])
  await expect(dump(sourceOf('mongo:3.2', withPassword))).rejects.toMatchObject({ code: 'mongodb-tools-do-not-fit' })
  expect(JSON.stringify(docker.takeCalls().map((call) => call.arguments))).not.toContain(secret)
})

test('a dump that fails or is cancelled leaves no container and no file', async () => {
  await expect(dump(sourceOf('mongo:broken', withPassword))).rejects.toMatchObject({ code: 'mongodump-failed' })
  const cancel = new AbortController()
  const cancelled = dump(sourceOf('mongo:endless', withPassword), cancel.signal, () =>
    cancel.abort(new Error('cancelled')),
  )
  await expect(cancelled).rejects.toThrow()
  const calls = docker.takeCalls()
  const started = calls.filter((call) => call.arguments.includes('--entrypoint=mongodump'))
  const removed = calls.filter((call) => call.arguments[0] === 'rm').map((call) => call.arguments.at(-1))
  expect(removed).toEqual(started.map((call) => call.arguments.find((text) => text.startsWith('--name='))?.slice(7)))
  expect(readdirSync(temporaryFolder)).toEqual([])
})

test.each([
  ['mongo:absent', withPassword, 'docker-image'],
  ['mongo:7.0', 'mongodb://nowhere:27017/', 'mongodb-unreachable'],
])('%s with %s says what to do', async (image, connection, code) => {
  const failure = await dump(sourceOf(image, connection)).catch((error) => error)
  expect(failure).toMatchObject({ code, action: expect.any(String) })
  expect(failure.message).not.toContain(secret)
})

test('the policy of the host decides which images may run', async () => {
  const policy = {
    ...{ version: 1 as const, sourceRoots: [], restoreRoots: [], localRemoteRoots: [], backends: [] },
    ...{ mongodb: true, inPlaceRestore: false },
  }
  const { signal } = new AbortController()
  const context = {
    spoolFolder: '',
    temporaryFolder,
    mongodbToolFolders: [],
    signal,
    report: () => {},
    progress: () => {},
  }
  const source = sourceOf('mongo:7.0', withPassword)
  const check = (images: string[]) => checkSource(source, { ...context, policy: { ...policy, mongodbImages: images } })
  await expect(check(['mongo:3.2'])).rejects.toMatchObject({ code: 'outside-policy' })
  expect(docker.takeCalls()).toEqual([])
  expect((await check(['mongo:7.0'])).facts['dumped by']).toBe('mongodump 100.9.4 in a container of mongo:7.0')
})
