import { tmpdir } from 'node:os'
import type { Document } from 'bson'
import { expect, test } from 'vitest'
import type { MongodbSource } from '@/protocol/sources'
import { probeMongodb } from './probe-mongodb'
import { startWireStub } from './wire-stub'

function hello(maxWireVersion: number): Document {
  return {
    ok: 1,
    ismaster: true,
    isWritablePrimary: true,
    minWireVersion: 0,
    maxWireVersion,
    maxBsonObjectSize: 16777216,
  }
}

async function probe(
  answer: (command: Document) => Document | null,
  options: { credentials?: string; query?: string } = {},
) {
  const stub = await startWireStub(answer)
  const source: MongodbSource = {
    kind: 'mongodb',
    id: '00000000-0000-4000-8000-000000000000',
    slug: 'girder',
    reach: 'direct',
    connection: `mongodb://${options.credentials ?? ''}127.0.0.1:${stub.port}/?serverSelectionTimeoutMS=2000&connectTimeoutMS=1000${options.query ?? ''}`,
    databases: null,
    consistency: 'best',
    tools: 'built-in',
  }
  try {
    return await probeMongodb(source, {
      toolFolders: [],
      temporaryFolder: tmpdir(),
      signal: new AbortController().signal,
    })
  } finally {
    await stub.stop()
  }
}

const isHello = (command: Document) => 'hello' in command || 'ismaster' in command || 'isMaster' in command

test('a server that wants a password says so', async () => {
  const wantsPassword = (command: Document) =>
    isHello(command)
      ? hello(21)
      : { ok: 0, code: 13, codeName: 'Unauthorized', errmsg: 'command requires authentication' }
  await expect(probe(wantsPassword)).rejects.toMatchObject({
    code: 'mongodb-needs-password',
    where: expect.stringContaining('127.0.0.1'),
  })
})

test('a wrong password says so, and never shows it', async () => {
  const refuses = (command: Document) =>
    isHello(command)
      ? hello(21)
      : { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' }
  const failure = await probe(refuses, { credentials: 'girder:s3cret-marker@' }).catch((error) => error)
  expect(failure).toMatchObject({ code: 'mongodb-wrong-password' })
  expect(JSON.stringify({ ...failure, message: failure.message })).not.toContain('s3cret-marker')
})

test('a server too old for the driver says which tools to install', async () => {
  const failure = await probe(() => hello(4)).catch((error) => error)
  expect(failure).toMatchObject({ code: 'mongodb-too-old', message: expect.stringContaining('3.2') })
  expect(failure.action).toContain('100.3 to 100.9')
})

test('a server that ends the connection may want TLS', async () => {
  await expect(probe(() => null)).rejects.toMatchObject({ code: 'mongodb-tls' })
})

test('a replica set with MongoDB 5 or newer gives the built-in dumper a snapshot', async () => {
  const replicaSet = (command: Document): Document => {
    if (isHello(command))
      return { ...hello(21), setName: 'rs1', hosts: ['127.0.0.1:1'], me: '127.0.0.1:1', secondary: false }
    if ('buildInfo' in command) return { ok: 1, version: '7.0.14' }
    return { ok: 1, databases: [{ name: 'girder', sizeOnDisk: 1024 }] }
  }
  expect(await probe(replicaSet, { query: '&directConnection=true' })).toEqual({
    serverVersion: '7.0.14',
    replicaSet: 'rs1',
    tool: { way: 'built-in' },
    consistency: 'snapshot',
    databases: [{ name: 'girder', sizeBytes: 1024 }],
  })
})

test('nobody there is said in plain words', async () => {
  const stub = await startWireStub(() => null)
  await stub.stop()
  const source = {
    kind: 'mongodb',
    id: '00000000-0000-4000-8000-000000000000',
    slug: 'girder',
    reach: 'direct',
  } as const
  const probing = probeMongodb(
    {
      ...source,
      connection: `mongodb://127.0.0.1:${stub.port}/?serverSelectionTimeoutMS=500`,
      databases: null,
      consistency: 'best',
      tools: 'auto',
    },
    { toolFolders: [], temporaryFolder: tmpdir(), signal: new AbortController().signal },
  )
  await expect(probing).rejects.toMatchObject({
    code: 'mongodb-unreachable',
    message: expect.stringContaining('nothing listens'),
  })
})
