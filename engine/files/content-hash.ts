import { setImmediate } from 'node:timers/promises'
import { createXXHash128 } from 'hash-wasm'
import type { TarMember } from './tar-member'

type Hasher = Awaited<ReturnType<typeof createXXHash128>>

const zeroBlock = new Uint8Array(1024 * 1024)
/** Holes are hashed so far before other work gets its turn. */
const turnBytes = 64 * 1024 ** 2
/** Anybody can make a file with a hole of exabytes; the content of one with more than this is not hashed. */
const hashedHolesLimitBytes = 256 * 1024 ** 3

/** XXH3-128 of one file's logical content at a time: the holes of a sparse file count as the zeros that they read as. */
export class ContentHash {
  readonly #hasher: Hasher
  #member: TarMember | null = null
  #isSkipped = false
  #position = 0
  /** index into the member's extents, and how much of that one was taken */
  #extent = 0
  #taken = 0

  private constructor(hasher: Hasher) {
    this.#hasher = hasher
  }

  static async create(): Promise<ContentHash> {
    return new ContentHash(await createXXHash128())
  }

  begin(member: TarMember): void {
    this.#member = member
    this.#isSkipped = member.extents !== null && member.logicalBytes - member.storedBytes > hashedHolesLimitBytes
    this.#position = 0
    this.#extent = 0
    this.#taken = 0
    this.#hasher.init()
  }

  /** Takes the next stored bytes. Returns a promise when large holes come before them. */
  update(piece: Uint8Array): Promise<void> | undefined {
    if (this.#isSkipped) return undefined
    if (this.#member?.extents) return this.#updateSparse(piece, this.#member.extents)
    this.#hasher.update(piece)
    return undefined
  }

  /** 32 hexadecimal digits; null when the holes are too large to be hashed */
  async finishSparse(): Promise<string | null> {
    if (this.#isSkipped) return null
    await this.#zerosUpTo(this.#member?.logicalBytes ?? 0)
    return this.#hasher.digest()
  }

  /** 32 hexadecimal digits, of a file that is not sparse */
  finish(): string {
    return this.#hasher.digest()
  }

  async #updateSparse(piece: Uint8Array, extents: number[]): Promise<void> {
    let at = 0
    while (at < piece.length) {
      const offset = extents[this.#extent] ?? 0
      const length = extents[this.#extent + 1] ?? 0
      if (this.#taken === length) {
        this.#extent += 2
        this.#taken = 0
        continue
      }
      await this.#zerosUpTo(offset + this.#taken)
      const data = piece.subarray(at, at + length - this.#taken)
      this.#hasher.update(data)
      this.#taken += data.length
      this.#position += data.length
      at += data.length
    }
  }

  async #zerosUpTo(position: number): Promise<void> {
    let turn = turnBytes
    while (this.#position < position) {
      const bytes = Math.min(zeroBlock.length, position - this.#position)
      this.#hasher.update(bytes === zeroBlock.length ? zeroBlock : zeroBlock.subarray(0, bytes))
      this.#position += bytes
      turn -= bytes
      if (turn > 0) continue
      await setImmediate()
      turn = turnBytes
    }
  }
}
