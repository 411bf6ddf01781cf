import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { deserialize } from 'bson'
import { describe, expect, test } from 'vitest'
import { ArchiveVerifier } from './archive-verifier'

const folder = join(import.meta.dirname, 'fixtures')
const fixture = (name: string) => readFileSync(join(folder, name))

function verify(archive: Uint8Array, chunkBytes = archive.length) {
  const verifier = new ArchiveVerifier()
  for (let start = 0; start < archive.length; start += chunkBytes)
    verifier.push(archive.subarray(start, start + chunkBytes))
  return verifier.finish()
}

function countsOf(archive: Uint8Array): Record<string, number> {
  return Object.fromEntries(verify(archive).map((facts) => [`${facts.database}.${facts.collection}`, facts.documents]))
}

const fullCounts = {
  'girder.user': 20,
  'girder.folder': 20,
  'girder.token': 5,
  'girder.setting': 2,
  'girder.assetstore': 2,
  'girder.item': 400,
  'girder.notification': 0,
  'girder_assets.chunk': 6,
  'odd.types': 5,
  'odd.name with spaces.and.dots': 1,
  'odd.数据': 1,
  'odd.capped': 0,
  'odd.adults': 0,
}

describe('every genuine archive gets the verdict that fixtures/README.md states', () => {
  test.each(['full-100.18.archive', 'full-100.9.archive'])('%s is good, with these counts', (name) => {
    expect(countsOf(fixture(name))).toEqual(fullCounts)
  })

  test('two generations of mongodump say the same about the same data, whatever the order of documents', () => {
    const digests = (name: string) =>
      Object.fromEntries(verify(fixture(name)).map((facts) => [`${facts.database}.${facts.collection}`, facts.digest]))
    expect(digests('full-100.18.archive')).toEqual(digests('full-100.9.archive'))
  })

  test('gzip-100.18.archive.gz is good once unpacked, and no archive before', () => {
    const packed = fixture('gzip-100.18.archive.gz')
    expect(countsOf(gunzipSync(packed))).toEqual(fullCounts)
    expect(() => verify(packed)).toThrow('does not begin like a mongodump archive')
  })

  test('sigterm.archive is complete in form: only exit status and log tell that it is short', () => {
    const counts = countsOf(fixture('sigterm.archive'))
    expect(counts['girder.user']).toBe(500)
    expect(counts['girder.item']).toBeLessThan(50_000)
  })

  test('cut-60000.archive is damaged', () => {
    expect(() => verify(fixture('cut-60000.archive'))).toThrow('it ends within a block')
  })

  test('unknown-db.archive is an archive without any collection', () => {
    expect(verify(fixture('unknown-db.archive'))).toEqual([])
  })

  test('bad-format.archive is damaged: the description of a collection is no JSON', () => {
    expect(() => verify(fixture('bad-format.archive'))).toThrow('is no JSON')
  })

  test('archives of older tools, with an oplog and with a time series are good', () => {
    expect(countsOf(fixture('test.bar.archive'))).toEqual({
      'test.bar': expect.any(Number),
      'admin.system.version': expect.any(Number),
    })
    const oplog = verify(fixture('dump-w-oplog.archive')).find((facts) => facts.type === 'oplog')
    expect(oplog).toMatchObject({ database: '', collection: 'oplog' })
    const series = verify(fixture('timeseries.archive')).find((facts) => facts.type === 'timeseries')
    expect(series).toMatchObject({ database: 'timeseries_test', collection: 'foo_ts', documents: expect.any(Number) })
  })
})

test('an empty stream is no archive', () => {
  expect(() => verify(Buffer.alloc(0))).toThrow('it ends before its header')
})

test('chunks may be cut anywhere', () => {
  const archive = fixture('dump-w-oplog.archive')
  const whole = verify(archive)
  for (const chunkBytes of [1, 2, 3, 5, 7, 64, 1000]) expect(verify(archive, chunkBytes)).toEqual(whole)
  expect(verify(fixture('full-100.18.archive'), 997)).toEqual(verify(fixture('full-100.18.archive')))
})

test('a listener gets each document of each collection, whole', () => {
  const users: string[] = []
  const verifier = new ArchiveVerifier({
    document: (collection, document) => {
      if (collection.collection === 'user') users.push(deserialize(document).login)
    },
  })
  const archive = fixture('full-100.18.archive')
  for (let start = 0; start < archive.length; start += 100) verifier.push(archive.subarray(start, start + 100))
  verifier.finish()
  expect(new Set(users).size).toBe(20)
})
