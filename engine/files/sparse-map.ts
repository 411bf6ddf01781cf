import { blockBytes, damagedTar } from './tar-header'

/** Where a sparse file has data: offset and length, ascending, flat in one array. Everything else of it is zeros. */
export type Extents = number[]

/** A bound on memory: a file with more extents than this is not read. */
const extentLimit = 4_000_000

/**
 * Reads the map that GNU.sparse 1.0 puts before the data: decimal numbers, each ended by a newline (how many extents, then offset
 * and length of each), filled with NUL to a whole block.
 */
export class SparseMapReader {
  readonly extents: Extents = []
  readonly #at: number
  #count = -1
  #number = 0
  #digits = 0

  /** `at` is the raw offset of the map, for the error. */
  constructor(at: number) {
    this.#at = at
  }

  /** Takes the next block of 512 bytes and returns whether the map ends within it. */
  push(block: Buffer): boolean {
    for (let index = 0; index < block.length; index++) {
      const byte = block[index] ?? 0
      if (byte === 0x0a) {
        if (this.#takeNumber()) return true
      } else if (byte >= 0x30 && byte <= 0x39 && this.#digits < 16) {
        this.#number = this.#number * 10 + (byte - 0x30)
        this.#digits++
      } else throw damagedTar('the map of a sparse file is wrong', this.#at)
    }
    return false
  }

  #takeNumber(): boolean {
    if (this.#digits === 0) throw damagedTar('the map of a sparse file is wrong', this.#at)
    if (this.#count === -1) this.#count = this.#number
    else this.extents.push(this.#number)
    if (this.#count > extentLimit) throw damagedTar('a sparse file has too many extents', this.#at)
    this.#number = 0
    this.#digits = 0
    return this.extents.length === this.#count * 2
  }

  /** Checks the whole map against the file's logical size and the bytes that follow the map. */
  check(logicalBytes: number, storedBytes: number): void {
    let end = 0
    let sum = 0
    for (let index = 0; index < this.extents.length; index += 2) {
      const offset = this.extents[index] ?? 0
      const length = this.extents[index + 1] ?? 0
      if (offset < end) throw damagedTar('the map of a sparse file is out of order', this.#at)
      end = offset + length
      sum += length
    }
    if (end > logicalBytes || sum !== storedBytes)
      throw damagedTar('the map of a sparse file does not fit its size', this.#at)
  }
}

/** The map as it stands before the data, filled to a whole block. */
export function formatSparseMap(extents: Extents): Buffer {
  const text = Buffer.from(`${[extents.length / 2, ...extents].join('\n')}\n`)
  const filled = Buffer.alloc(Math.ceil(text.length / blockBytes) * blockBytes)
  text.copy(filled)
  return filled
}
