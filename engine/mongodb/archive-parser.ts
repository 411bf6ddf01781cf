import {
  type ArchiveCollection,
  type ArchiveHeader,
  archiveDamaged,
  largestDocumentBytes,
  magicBytes,
  type NamespaceHeader,
  parseArchiveCollection,
  parseArchiveHeader,
  parseNamespaceHeader,
  smallestDocumentBytes,
} from './archive-format'

/** What the parser found, in the archive's order. The bytes are views into the pushed chunk or a copy of their own: valid as long as the chunk is left alone. */
export type ArchiveHandler = {
  header: (header: ArchiveHeader) => void
  collection: (collection: ArchiveCollection) => void
  preludeEnd: () => void
  /** a segment or the end of a namespace begins */
  block: (header: NamespaceHeader) => void
  /** one document of the current block */
  document: (document: Uint8Array) => void
  /** whole documents of the current block that lie side by side, after each was given to `document` */
  run: (bytes: Uint8Array) => void
}

type State = 'magic' | 'header' | 'collections' | 'between blocks' | 'block' | 'after end'

const unfinished: Record<State, string> = {
  magic: 'it ends before its header',
  header: 'it ends before its header',
  collections: 'it ends within its list of collections',
  'between blocks': '',
  block: 'it ends within a block',
  'after end': 'it ends within a block',
}

/**
 * Reads an archive from chunks of any size, in bounded memory: at most one document that straddles chunks is copied. Every
 * departure from the format throws the Problem `archive-damaged`.
 */
export class ArchiveParser {
  readonly #handler: ArchiveHandler
  #state: State = 'magic'
  #serverVersion = ''
  /** the first bytes of a word (length, magic or terminator) that straddles chunks */
  readonly #word = Buffer.alloc(4)
  #wordBytes = 0
  /** a document that straddles chunks */
  #partial: Buffer | null = null
  #partialBytes = 0

  constructor(handler: ArchiveHandler) {
    this.#handler = handler
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
    let position = this.#continue(bytes)
    while (position < bytes.length) {
      if (this.#state === 'block') position = this.#wholeDocuments(bytes, position)
      if (position < bytes.length) position = this.#next(bytes, position)
    }
  }

  finish(): void {
    const within = this.#wordBytes > 0 || this.#partial !== null
    if (within || this.#state !== 'between blocks')
      throw archiveDamaged(unfinished[this.#state] || 'it ends within a block')
  }

  /** Completes what straddles the border to the chunk before; returns where to go on. */
  #continue(bytes: Buffer): number {
    let position = 0
    if (this.#wordBytes > 0) position = this.#completeWord(bytes, 0)
    if (this.#partial) position = this.#completePartial(bytes, position)
    return position
  }

  #completeWord(bytes: Buffer, position: number): number {
    const taken = bytes.copy(this.#word, this.#wordBytes, position, position + 4 - this.#wordBytes)
    this.#wordBytes += taken
    if (this.#wordBytes < 4) return position + taken
    this.#wordBytes = 0
    if (this.#isWordAlone(this.#word, 0)) return position + taken
    this.#partial = Buffer.allocUnsafe(documentLength(this.#word, 0))
    this.#word.copy(this.#partial)
    this.#partialBytes = 4
    return position + taken
  }

  #completePartial(bytes: Buffer, position: number): number {
    const partial = this.#partial as Buffer
    const taken = bytes.copy(partial, this.#partialBytes, position)
    this.#partialBytes += taken
    if (this.#partialBytes < partial.length) return position + taken
    this.#partial = null
    const inBlock = this.#state === 'block'
    this.#take(partial)
    if (inBlock) this.#handler.run(partial)
    return position + taken
  }

  /** The way of nearly all bytes: documents of a block that lie whole in the chunk are given out without a copy. */
  #wholeDocuments(bytes: Buffer, start: number): number {
    let position = start
    while (position + 4 <= bytes.length) {
      const length = bytes.readInt32LE(position)
      if (length === -1) break
      checkLength(length)
      if (position + length > bytes.length) break
      this.#take(bytes.subarray(position, position + length))
      position += length
    }
    if (position > start) this.#handler.run(bytes.subarray(start, position))
    return position
  }

  /** One word or document, or the first part of one, at `position`. */
  #next(bytes: Buffer, position: number): number {
    if (position + 4 > bytes.length) {
      this.#wordBytes = bytes.copy(this.#word, 0, position)
      return bytes.length
    }
    if (this.#isWordAlone(bytes, position)) return position + 4
    const length = documentLength(bytes, position)
    if (position + length <= bytes.length) {
      // documents of a block that lie whole in the chunk were taken before
      this.#take(bytes.subarray(position, position + length))
      return position + length
    }
    this.#partial = Buffer.allocUnsafe(length)
    this.#partialBytes = bytes.copy(this.#partial, 0, position)
    return bytes.length
  }

  /** Takes the magic number or a terminator; false when a document begins here. */
  #isWordAlone(bytes: Buffer, position: number): boolean {
    if (this.#state === 'magic') {
      if (bytes.compare(magicBytes, 0, 4, position, position + 4) !== 0)
        throw archiveDamaged('it does not begin like a mongodump archive')
      this.#state = 'header'
      return true
    }
    if (bytes.readInt32LE(position) !== -1) return false
    if (this.#state === 'collections') this.#handler.preludeEnd()
    else if (this.#state !== 'block' && this.#state !== 'after end')
      throw archiveDamaged('a terminator stands where none may be')
    this.#state = 'between blocks'
    return true
  }

  #take(document: Buffer): void {
    if (document[document.length - 1] !== 0) throw archiveDamaged('a document does not end as it should')
    if (this.#state === 'block') this.#handler.document(document)
    else if (this.#state === 'between blocks') this.#openBlock(document)
    else if (this.#state === 'header') this.#openPrelude(document)
    else if (this.#state === 'collections')
      this.#handler.collection(parseArchiveCollection(document, this.#serverVersion))
    else throw archiveDamaged('a document stands where none may be')
  }

  #openBlock(document: Uint8Array): void {
    const header = parseNamespaceHeader(document)
    this.#state = header.end ? 'after end' : 'block'
    this.#handler.block(header)
  }

  #openPrelude(document: Uint8Array): void {
    const header = parseArchiveHeader(document)
    this.#serverVersion = header.serverVersion
    this.#state = 'collections'
    this.#handler.header(header)
  }
}

function documentLength(bytes: Buffer, position: number): number {
  const length = bytes.readInt32LE(position)
  checkLength(length)
  return length
}

function checkLength(length: number): void {
  if (length < smallestDocumentBytes || length > largestDocumentBytes)
    throw archiveDamaged('a document has an impossible length')
}
