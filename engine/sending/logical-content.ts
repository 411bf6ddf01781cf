import type { TarMember } from '@/engine/files/tar-member'

const zeroBlock = new Uint8Array(256 * 1024)

/** Turns the stored content of a member into what a reader of the file sees: the holes of a sparse file as zeros. */
export class LogicalContent {
  readonly #extents: number[]
  readonly #bytes: number
  #position = 0
  /** index into the extents, and how much of that one was taken */
  #extent = 0
  #taken = 0

  constructor(member: Pick<TarMember, 'extents' | 'logicalBytes'>) {
    this.#extents = member.extents ?? [0, member.logicalBytes]
    this.#bytes = member.logicalBytes
  }

  /** The next stored piece, with the zeros that stand before it. */
  *push(piece: Uint8Array): Generator<Uint8Array> {
    let at = 0
    while (at < piece.length && this.#extent < this.#extents.length) {
      const [offset = 0, length = 0] = this.#extents.slice(this.#extent, this.#extent + 2)
      if (this.#taken === length) {
        this.#extent += 2
        this.#taken = 0
        continue
      }
      yield* this.#zerosUpTo(offset + this.#taken)
      const data = piece.subarray(at, at + length - this.#taken)
      this.#taken += data.length
      this.#position += data.length
      at += data.length
      yield data
    }
  }

  /** The zeros after the last piece. */
  *end(): Generator<Uint8Array> {
    yield* this.#zerosUpTo(this.#bytes)
  }

  *#zerosUpTo(position: number): Generator<Uint8Array> {
    while (this.#position < position) {
      const zeros = zeroBlock.subarray(0, position - this.#position)
      this.#position += zeros.length
      yield zeros
    }
  }
}
