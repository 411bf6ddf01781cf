import { Int32, Long, serialize } from 'bson'
import { type ArchiveHeader, magicBytes, terminatorBytes } from './archive-format'
import { Crc64 } from './crc64'

/** One entry of the archive's list of collections, as `openArchive` wants it. */
export type ListedCollection = {
  database: string
  collection: string
  type: 'collection' | 'view' | 'timeseries'
  metadata: string
  storedCollection: string
}

/** The first bytes of an archive: magic number, header, and all collections that will come. */
export function archivePrelude(header: ArchiveHeader, collections: ListedCollection[]): Uint8Array {
  return Buffer.concat([
    magicBytes,
    serialize({
      concurrent_collections: new Int32(header.concurrentCollections),
      version: '0.1',
      server_version: header.serverVersion,
      tool_version: header.toolVersion,
    }),
    ...collections.map(({ database, collection, metadata, type }) =>
      serialize({ db: database, collection, metadata, size: new Int32(0), type }),
    ),
    terminatorBytes,
  ])
}

/** Makes the bytes of one namespace: `begin`, then `documents` as often as needed, then `end`. One segment, whatever its size. */
export class NamespaceWriter {
  readonly #database: string
  readonly #collection: string
  readonly #crc = new Crc64()

  constructor(database: string, storedCollection: string) {
    this.#database = database
    this.#collection = storedCollection
  }

  begin(): Uint8Array {
    return this.#header(false, 0n)
  }

  /** Raw BSON documents, copied side by side into one chunk. */
  documents(documents: Uint8Array[]): Uint8Array {
    const chunk = Buffer.concat(documents)
    this.#crc.update(chunk)
    return chunk
  }

  end(): Uint8Array {
    return Buffer.concat([terminatorBytes, this.#header(true, this.#crc.digest()), terminatorBytes])
  }

  #header(end: boolean, crc: bigint): Uint8Array {
    return serialize({ db: this.#database, collection: this.#collection, EOF: end, CRC: Long.fromBigInt(crc) })
  }
}
