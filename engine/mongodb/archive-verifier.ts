import { createHash, type Hash } from 'node:crypto'
import type { NamespaceFacts } from '@/protocol/manifest'
import { type ArchiveCollection, type ArchiveHeader, archiveDamaged, type NamespaceHeader } from './archive-format'
import { ArchiveParser } from './archive-parser'
import { Crc64 } from './crc64'
import { DocumentDigest } from './document-digest'

/** For who wants more of an archive than its facts: a restorer. Called in the archive's order, before the namespace's end is checked. */
export type ArchiveListener = {
  preludeEnd?: (header: ArchiveHeader, collections: ArchiveCollection[]) => void
  document?: (collection: ArchiveCollection, document: Uint8Array) => void
}

type Namespace = {
  collection: ArchiveCollection
  name: string
  ended: boolean
  documents: number
  bytes: number
  crc: Crc64
  sha256: Hash
  digest: DocumentDigest
}

/**
 * Checks an archive while it streams, whoever wrote it: its structure, that each collection of its list comes to exactly one
 * end, and each one's CRC. Throws the Problem `archive-damaged` as soon as something is wrong.
 *
 * A good verdict is necessary, never sufficient: a dump that was stopped can leave an archive that is complete in form.
 */
export class ArchiveVerifier {
  readonly #parser: ArchiveParser
  readonly #rawSha256 = createHash('sha256')
  readonly #namespaces = new Map<string, Namespace>()
  readonly #listener: ArchiveListener
  #header: ArchiveHeader | null = null
  #current: Namespace | null = null

  constructor(listener: ArchiveListener = {}) {
    this.#listener = listener
    this.#parser = new ArchiveParser({
      header: (header) => {
        this.#header = header
      },
      collection: (collection) => this.#addCollection(collection),
      preludeEnd: () => listener.preludeEnd?.(this.header(), this.collections()),
      block: (header) => this.#openBlock(header),
      document: (document) => this.#addDocument(document),
      run: (bytes) => this.#addRun(bytes),
    })
  }

  push(chunk: Uint8Array): void {
    this.#rawSha256.update(chunk)
    this.#parser.push(chunk)
  }

  /** At the archive's end: the facts of each namespace, in the order of the archive's list. */
  finish(): NamespaceFacts[] {
    this.#parser.finish()
    const namespaces = [...this.#namespaces.values()]
    const open = namespaces.find((namespace) => !namespace.ended)
    if (open) throw archiveDamaged('it ends before all collections came to their end', open.name)
    return namespaces.map(toFacts)
  }

  /** SHA-256 of all that was pushed, once; call it after `finish`. */
  rawSha256(): string {
    return this.#rawSha256.digest('hex')
  }

  header(): ArchiveHeader {
    if (!this.#header) throw archiveDamaged('it has no header')
    return this.#header
  }

  collections(): ArchiveCollection[] {
    return Array.from(this.#namespaces.values(), (namespace) => namespace.collection)
  }

  #addCollection(collection: ArchiveCollection): void {
    const key = namespaceKey(collection.database, collection.storedCollection)
    const name = `${collection.database}.${collection.collection}`
    if (this.#namespaces.has(key)) throw archiveDamaged('a collection is listed twice', name)
    this.#namespaces.set(key, {
      collection,
      name,
      ended: false,
      documents: 0,
      bytes: 0,
      crc: new Crc64(),
      sha256: createHash('sha256'),
      digest: new DocumentDigest(),
    })
  }

  #openBlock(header: NamespaceHeader): void {
    const namespace = this.#namespaces.get(namespaceKey(header.database, header.collection))
    const name = `${header.database}.${header.collection}`
    if (!namespace) throw archiveDamaged('it holds a collection that its list does not name', name)
    if (namespace.ended) throw archiveDamaged('a collection goes on after its end', name)
    this.#current = namespace
    if (!header.end) {
      if (header.crc !== 0n) throw archiveDamaged('the header of a block is not as the format wants it', name)
      return
    }
    namespace.ended = true
    if (namespace.crc.digest() !== header.crc) throw archiveDamaged('the checksum of a collection does not match', name)
  }

  #addDocument(document: Uint8Array): void {
    const namespace = this.#current as Namespace
    namespace.documents++
    namespace.digest.add(document)
    this.#listener.document?.(namespace.collection, document)
  }

  #addRun(bytes: Uint8Array): void {
    const namespace = this.#current as Namespace
    namespace.bytes += bytes.length
    namespace.crc.update(bytes)
    namespace.sha256.update(bytes)
  }
}

/** Neither part of a name can hold a NUL. */
function namespaceKey(database: string, collection: string): string {
  return `${database}\0${collection}`
}

function toFacts(namespace: Namespace): NamespaceFacts {
  return {
    database: namespace.collection.database,
    collection: namespace.collection.collection,
    type: namespace.collection.type,
    documents: namespace.documents,
    bytes: namespace.bytes,
    crc64: namespace.crc.hex(),
    sha256: namespace.sha256.digest('hex'),
    digest: namespace.digest.hex(),
  }
}
