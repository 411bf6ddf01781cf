import { deserialize } from 'bson'
import { z } from 'zod'
import { Problem } from '@/protocol/problem'

/**
 * The archive format of mongodump, version 0.1 (documented in mongo-tools, common/archive/spec.md; stable since 3.2):
 *
 *     archive = magic, header document, metadata document*, terminator, block*
 *     block   = namespace header, document*, terminator     a segment; those of several namespaces may interleave
 *             | namespace header with EOF, terminator       the end of that namespace, with its CRC-64/XZ
 *
 * A terminator is four bytes FF where a document's length would stand.
 */
export const magicBytes = Buffer.from([0x6d, 0xe2, 0x99, 0x81])
export const terminatorBytes = Buffer.from([0xff, 0xff, 0xff, 0xff])
export const smallestDocumentBytes = 5
/** 16 MiB, and what oplog entries may have on top */
export const largestDocumentBytes = 16 * 1024 * 1024 + 16 * 1024

const wholeNumber = z.union([z.int().min(0), z.bigint().min(0n)])

const headerSchema = z.strictObject({
  concurrent_collections: wholeNumber,
  version: z.literal('0.1'),
  server_version: z.string().max(200),
  tool_version: z.string().max(200),
})

const metadataSchema = z.strictObject({
  db: z.string().max(63),
  collection: z.string().min(1).max(255),
  metadata: z.string(),
  size: wholeNumber,
  type: z.enum(['', 'collection', 'view', 'timeseries']).optional(),
})

const namespaceHeaderSchema = z.strictObject({
  db: z.string(),
  collection: z.string(),
  EOF: z.boolean(),
  CRC: z.union([z.int(), z.bigint()]),
})

export type ArchiveHeader = { concurrentCollections: number; serverVersion: string; toolVersion: string }

export type ArchiveCollection = {
  database: string
  collection: string
  type: 'collection' | 'view' | 'timeseries' | 'oplog'
  /** options, indexes and UUID as Extended JSON; empty for the oplog */
  metadata: string
  /** the name that its blocks carry: a time series of a server before 8.3 has its data in `system.buckets.NAME` */
  storedCollection: string
}

/** `crc` is an unsigned number below 2^64. */
export type NamespaceHeader = { database: string; collection: string; end: boolean; crc: bigint }

export function archiveDamaged(text: string, where?: string): Problem {
  return new Problem({
    code: 'archive-damaged',
    text: `The MongoDB archive is damaged: ${text}.`,
    action: 'Do not restore from it. Make a new backup; for a restore choose another one.',
    ...(where ? { where } : {}),
  })
}

export function parseArchiveHeader(document: Uint8Array): ArchiveHeader {
  const header = parse(headerSchema, document, 'its header')
  return {
    concurrentCollections: Number(header.concurrent_collections),
    serverVersion: header.server_version,
    toolVersion: header.tool_version,
  }
}

export function parseArchiveCollection(document: Uint8Array, serverVersion: string): ArchiveCollection {
  const { db, collection, metadata, type } = parse(metadataSchema, document, 'the description of a collection')
  if (db === '' && collection !== 'oplog') throw archiveDamaged('a collection is of no database', collection)
  if (metadata !== '' && !isJson(metadata))
    throw archiveDamaged('the description of a collection is no JSON', `${db}.${collection}`)
  const kind = db === '' ? 'oplog' : type || 'collection'
  return {
    database: db,
    collection,
    type: kind,
    metadata,
    storedCollection: storedCollectionName(collection, kind, serverVersion),
  }
}

export function parseNamespaceHeader(document: Uint8Array): NamespaceHeader {
  const header = parse(namespaceHeaderSchema, document, 'the header of a block')
  const { db: database, collection, EOF: end } = header
  return { database, collection, end, crc: BigInt.asUintN(64, BigInt(header.CRC)) }
}

/** The name under which a collection's data is stored, and dumped: before 8.3 that of a time series is in `system.buckets.NAME`. */
export function storedCollectionName(
  collection: string,
  type: ArchiveCollection['type'],
  serverVersion: string,
): string {
  const [major = 0, minor = 0] = serverVersion.split('.').map(Number)
  const isUnderOwnName = type !== 'timeseries' || major > 8 || (major === 8 && minor >= 3)
  return isUnderOwnName ? collection : `system.buckets.${collection}`
}

function parse<T>(schema: z.ZodType<T>, document: Uint8Array, what: string): T {
  let value: unknown
  try {
    value = deserialize(document, { useBigInt64: true, promoteBuffers: false })
  } catch {
    throw archiveDamaged(`${what} cannot be read`)
  }
  const result = schema.safeParse(value)
  if (!result.success) throw archiveDamaged(`${what} is not as the format wants it`)
  return result.data
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
