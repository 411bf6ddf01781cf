import { type PaxRecords, parsePaxRecords } from './pax-records'
import { SparseMapReader } from './sparse-map'
import { blockBytes, damagedTar, decodeHeader, type HeaderFields } from './tar-header'
import { type TarMember, toTarMember } from './tar-member'

/** A handler may return a promise; the reader goes on when it has settled. */
type Wait = Promise<void> | undefined

export type TarHandlers = {
  member: (member: TarMember) => Wait
  /** the next piece of the member's stored content: a view of the chunk that was pushed */
  data: (piece: Uint8Array) => Wait
  memberEnd: () => Wait
}

/** ACLs, extended attributes and names of one member; larger ones are left out and the member is marked. */
const extensionLimitBytes = 16 * 1024 * 1024

type State = 'header' | 'extension' | 'map' | 'data' | 'member-end' | 'padding' | 'end'

/**
 * Reads a POSIX tar (pax records, GNU.sparse 1.0, GNU long names, base 256) byte for byte out of chunks of any size, without copying
 * content. A wrong checksum, record, number or end throws Problem `archive-damaged`.
 */
export class TarReader {
  readonly #handlers: TarHandlers
  #state: State = 'header'
  /** raw offset of the next byte */
  #offset = 0
  #wait: Wait
  readonly #partial = Buffer.alloc(blockBytes)
  #partialBytes = 0
  /** bytes of the member's data, or of an extension, that are still to come, and of the padding after them */
  #left = 0
  #padding = 0
  #zeroBlocks = 0
  #member: TarMember | null = null
  #map: SparseMapReader | null = null
  #extension: { type: string; at: number; pieces: Buffer[] | null } = { type: '', at: 0, pieces: null }
  #globalRecords: PaxRecords = new Map()
  #pending = noExtensions()

  constructor(handlers: TarHandlers) {
    this.#handlers = handlers
  }

  /** Takes the next bytes, which must not be changed afterwards. Returns a promise when a handler did: wait for it before the next call. */
  push(chunk: Uint8Array): Wait {
    return this.#run(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), 0)
  }

  /** Checks that the archive has its end mark. */
  finish(): void {
    if (this.#state !== 'end' || this.#partialBytes > 0) throw damagedTar('it ends too early', this.#offset)
  }

  #run(chunk: Buffer, from: number): Wait {
    let at = from
    while (at < chunk.length || this.#state === 'member-end') {
      const taken = this.#step(chunk, at)
      at += taken
      this.#offset += taken
      if (this.#wait) {
        const wait = this.#wait
        this.#wait = undefined
        return wait.then(() => this.#run(chunk, at))
      }
    }
    return undefined
  }

  /** Does the next thing that the state asks for, and returns how many bytes it took. */
  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case 'data':
        return this.#takeData(chunk, at)
      case 'member-end':
        this.#state = this.#padding > 0 ? 'padding' : 'header'
        this.#wait = this.#handlers.memberEnd()
        return 0
      case 'padding':
        return this.#skipPadding(chunk, at)
      case 'extension':
        return this.#takeExtension(chunk, at)
      default:
        return this.#takeBlock(chunk, at)
    }
  }

  #takeData(chunk: Buffer, at: number): number {
    const piece = chunk.subarray(at, at + this.#left)
    this.#left -= piece.length
    if (this.#left === 0) this.#state = 'member-end'
    this.#wait = this.#handlers.data(piece)
    return piece.length
  }

  #skipPadding(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#padding, chunk.length - at)
    this.#padding -= taken
    if (this.#padding === 0) this.#state = 'header'
    return taken
  }

  /** Gathers whole blocks, of which one may come in several chunks. */
  #takeBlock(chunk: Buffer, at: number): number {
    if (this.#partialBytes === 0 && chunk.length - at >= blockBytes) {
      this.#block(chunk.subarray(at, at + blockBytes), this.#offset)
      return blockBytes
    }
    const taken = chunk.copy(this.#partial, this.#partialBytes, at)
    this.#partialBytes += taken
    if (this.#partialBytes === blockBytes) {
      this.#partialBytes = 0
      this.#block(this.#partial, this.#offset + taken - blockBytes)
    }
    return taken
  }

  #block(block: Buffer, at: number): void {
    const isZero = block[0] === 0 && block[blockBytes - 1] === 0 && block.every((byte) => byte === 0)
    if (this.#state === 'map') this.#mapBlock(block)
    else if (isZero) {
      if (this.#pending.startOffset !== null) throw damagedTar('an extended header has no member', at)
      if (++this.#zeroBlocks === 2) this.#state = 'end'
    } else if (this.#zeroBlocks > 0) throw damagedTar('there is data after its end', at)
    else this.#header(decodeHeader(block, at), at)
  }

  #header(header: HeaderFields, at: number): void {
    this.#pending.startOffset ??= at
    if ('xgLK'.includes(header.typeFlag)) this.#startExtension(header, at)
    else this.#startMember(header, at)
  }

  #startExtension(header: HeaderFields, at: number): void {
    if (header.size < 0) throw damagedTar('a size is negative', at)
    const isOversized = header.size > extensionLimitBytes
    this.#pending.isOversized ||= isOversized
    this.#extension = { type: header.typeFlag, at, pieces: isOversized ? null : [] }
    this.#setLengths(header.size)
    if (header.size > 0) this.#state = 'extension'
  }

  #takeExtension(chunk: Buffer, at: number): number {
    const piece = chunk.subarray(at, at + this.#left)
    this.#left -= piece.length
    this.#extension.pieces?.push(piece)
    if (this.#left > 0) return piece.length
    this.#state = this.#padding > 0 ? 'padding' : 'header'
    if (this.#extension.pieces) this.#applyExtension(joined(this.#extension.pieces))
    return piece.length
  }

  #applyExtension(data: Buffer): void {
    const { type, at } = this.#extension
    if (type === 'x') for (const [key, value] of parsePaxRecords(data, at)) this.#pending.records.set(key, value)
    else if (type === 'g') this.#globalRecords = new Map([...this.#globalRecords, ...parsePaxRecords(data, at)])
    else {
      const end = data.indexOf(0)
      this.#pending.longNames.set(type === 'L' ? 'path' : 'linkpath', end === -1 ? data : data.subarray(0, end))
    }
  }

  #startMember(header: HeaderFields, at: number): void {
    const { startOffset, records, longNames, isOversized } = this.#pending
    const hasOthers = this.#globalRecords.size > 0 || longNames.size > 0
    const all = hasOthers ? new Map([...this.#globalRecords, ...longNames, ...records]) : records
    const facts = toTarMember(header, all, at)
    this.#member = Object.assign(facts, { startOffset: startOffset ?? at, isOversized })
    this.#pending = noExtensions()
    this.#setLengths(facts.storedBytes)
    if (facts.extents === null) this.#announce(this.#member)
    else {
      this.#map = new SparseMapReader(this.#offset)
      this.#state = 'map'
    }
  }

  #mapBlock(block: Buffer): void {
    const member = this.#member
    if (!this.#map || !member || this.#left < blockBytes) throw damagedTar('a sparse file has no map', this.#offset)
    this.#left -= blockBytes
    if (!this.#map.push(block)) return
    this.#map.check(member.logicalBytes, this.#left)
    this.#announce({ ...member, extents: this.#map.extents, storedBytes: this.#left })
  }

  #announce(member: TarMember): void {
    this.#state = this.#left > 0 ? 'data' : 'member-end'
    this.#wait = this.#handlers.member(member)
  }

  #setLengths(bytes: number): void {
    this.#left = bytes
    this.#padding = (blockBytes - (bytes % blockBytes)) % blockBytes
  }
}

/** What stands before a member and belongs to it. */
function noExtensions() {
  return {
    startOffset: null as number | null,
    records: new Map() as PaxRecords,
    longNames: new Map() as PaxRecords,
    isOversized: false,
  }
}

function joined(pieces: Buffer[]): Buffer {
  const [first] = pieces
  return pieces.length === 1 && first ? first : Buffer.concat(pieces)
}
