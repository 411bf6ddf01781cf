import { serialize } from 'bson'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { MongoServer } from './mongo-driver'

const database = 'mongo_driver_test'
let server: MongoServer

beforeAll(async () => {
  server = await MongoServer.connect(inject('mongodbUrl'))
  await server.dropDatabase(database)
})

afterAll(async () => {
  await server.dropDatabase(database)
  await server.close()
})

async function readAll(collection: string): Promise<Buffer[]> {
  const documents: Buffer[] = []
  for await (const batch of server.readRaw(database, collection))
    documents.push(...batch.map((raw) => Buffer.from(raw)))
  return documents
}

test('guards the internal class that inserts raw bytes: integer-like keys come back where they stood', async () => {
  const inner = new Map([
    ['9', 'x'],
    ['3', 'y'],
  ])
  const fields: [string, unknown][] = [
    ['_id', 1],
    ['b', 1],
    ['2', 2],
    ['1', inner],
  ]
  const raw = Buffer.from(serialize(new Map(fields)))
  expect(await server.insertRaw(database, 'order', [raw])).toEqual({ inserted: 1, failed: 0, firstError: null })
  expect(await readAll('order')).toEqual([raw])
})

test('counts what the server refuses instead of throwing', async () => {
  const documents = [1, 2, 2, 3].map((_id) => serialize({ _id }))
  const result = await server.insertRaw(database, 'duplicates', documents)
  expect(result).toMatchObject({ inserted: 3, failed: 1, firstError: expect.stringContaining('duplicate key') })
})

test('reads more documents than one answer of the server holds', async () => {
  const documents = Array.from({ length: 5000 }, (_, _id) => serialize({ _id }))
  await server.insertRaw(database, 'many', documents)
  expect(await readAll('many')).toHaveLength(5000)
})

test('an aborted signal ends a connection that is under way', async () => {
  const stop = new AbortController()
  const connecting = MongoServer.connect('mongodb://192.0.2.1:27017/', stop.signal)
  stop.abort(new Error('cancelled by the test'))
  await expect(connecting).rejects.toThrow('cancelled by the test')
})
