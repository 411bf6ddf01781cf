import type { SeededRandom } from './random'

const words = 'sample site depth temperature salinity station cruise value mean error model grid north south run'.split(
  ' ',
)

/** Makes file contents out of two pools that are made once: text as researchers have it, and bytes that cannot be compressed. */
export class SampleContent {
  readonly #random: SeededRandom
  readonly #text: Buffer
  readonly #noise: Buffer

  constructor(random: SeededRandom) {
    this.#random = random
    const lines = Array.from(
      { length: 60_000 },
      () => `${random.pick(words)},${random.pick(words)},${random.next() / 1000}\n`,
    )
    this.#text = Buffer.from(lines.join(''))
    this.#noise = random.bytes(4 * 1024 * 1024)
  }

  text(bytes: number): Buffer {
    return this.#cut(this.#text, bytes)
  }

  incompressible(bytes: number): Buffer {
    return this.#cut(this.#noise, bytes)
  }

  /** A piece of the pool from a random place, begun with random bytes, so that no two files are the same. */
  #cut(pool: Buffer, bytes: number): Buffer {
    const content = Buffer.allocUnsafe(bytes)
    let filled = Buffer.from(this.#random.hex(16)).copy(content)
    while (filled < bytes) filled += pool.copy(content, filled, this.#random.below(pool.length))
    return content
  }
}
