import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArchiveVerifier } from './archive-verifier'
import { archivePrelude, type ListedCollection, NamespaceWriter } from './archive-writer'

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

/** Lone surrogates become replacement characters, as UTF-8 wants it. */
const wellFormed = (text: string) => Buffer.from(text).toString()

/** A value of every BSON type that has not been deprecated. */
const scalar = fc.oneof(
  fc.double().map((value) => new Double(value)),
  fc.string({ unit: 'binary' }).map((text) => wellFormed(text)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => new Binary(bytes)),
  bytesOf(12).map((bytes) => new ObjectId(bytes)),
  fc.boolean(),
  fc.date({ noInvalidDate: true }),
  fc.constant(null),
  fc.constant(new BSONRegExp('^a.*', 'i')),
  fc.constant(new Code('return 1')),
  fc.integer().map((value) => new Int32(value)),
  fc
    .bigInt({ min: 0n, max: 2n ** 63n - 1n })
    .map((value) => Timestamp.fromBits(Number(value & 0x7fffffffn), Number(value >> 33n))),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => Long.fromBigInt(value)),
  bytesOf(16).map((bytes) => new Decimal128(bytes)),
  fc.constantFrom(new MinKey(), new MaxKey()),
)

/** Field names may look like numbers, in any order: Maps keep it. */
const key = fc.oneof(
  fc.nat(20).map(String),
  fc.string({ unit: 'binary' }).map((text) => wellFormed(text).replaceAll('\0', '')),
)

const { map } = fc.letrec<{ value: unknown; map: Map<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('map')),
  map: fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => new Map(entries)),
}))
const documentsOfCollection = fc.array(
  map.map((document) => Buffer.from(serialize(document))),
  { maxLength: 12 },
)

const header = { concurrentCollections: 1, serverVersion: '7.0.0', toolVersion: 'test' }

function listed(index: number): ListedCollection {
  const collection = `c${index}`
  return { database: 'db', collection, type: 'collection', metadata: '{"indexes":[]}', storedCollection: collection }
}

function writeArchive(collections: Buffer[][]): Buffer {
  const chunks: Uint8Array[] = [
    archivePrelude(
      header,
      collections.map((_, index) => listed(index)),
    ),
  ]
  for (const [index, documents] of collections.entries()) {
    const writer = new NamespaceWriter('db', `c${index}`)
    chunks.push(writer.begin(), writer.documents(documents), writer.end())
  }
  return Buffer.concat(chunks)
}

test('documents of all BSON types survive writer and reader byte for byte, however the stream is cut', () => {
  fc.assert(
    fc.property(
      fc.array(documentsOfCollection, { maxLength: 4 }),
      fc.integer({ min: 1, max: 300 }),
      (collections, chunkBytes) => {
        const found = new Map<string, Buffer[]>()
        const verifier = new ArchiveVerifier({
          document: ({ collection }, document) =>
            void found.set(collection, [...(found.get(collection) ?? []), Buffer.from(document)]),
        })
        const archive = writeArchive(collections)
        for (let start = 0; start < archive.length; start += chunkBytes)
          verifier.push(archive.subarray(start, start + chunkBytes))
        expect(verifier.finish().map((facts) => facts.documents)).toEqual(
          collections.map((documents) => documents.length),
        )
        for (const [index, documents] of collections.entries()) expect(found.get(`c${index}`) ?? []).toEqual(documents)
      },
    ),
  )
})
