import { randomBytes } from 'node:crypto'

/**
 * Remembers a number (0 … 2^53 - 2) per name in 16 bytes, however long the names are, so that a million names fit a bounded
 * memory. Names are told apart by 64 bits of a hash with a random seed: two of a million are taken for one with a chance of 1 in 10^7.
 */
export class NameTable {
  #slots = 1 << 12
  #low = new Uint32Array(this.#slots)
  #high = new Uint32Array(this.#slots)
  /** the value plus one; 0 marks a free slot */
  #values = new Float64Array(this.#slots)
  #used = 0
  readonly #seeds = new Uint32Array(new Uint8Array(randomBytes(8)).buffer)
  readonly #hash = new Uint32Array(2)

  get size(): number {
    return this.#used
  }

  get(name: Uint8Array): number | undefined {
    const value = this.#values[this.#find(name)] ?? 0
    return value === 0 ? undefined : value - 1
  }

  set(name: Uint8Array, value: number): void {
    const slot = this.#find(name)
    if (this.#values[slot] === 0) {
      this.#low[slot] = this.#hash[0] ?? 0
      this.#high[slot] = this.#hash[1] ?? 0
      this.#used++
    }
    this.#values[slot] = value + 1
    if (this.#used > this.#slots * 0.7) this.#grow()
  }

  /** The slot that holds the name, or the free one where it belongs; leaves the name's hash in `#hash`. */
  #find(name: Uint8Array): number {
    hashName(name, this.#seeds, this.#hash)
    const [low = 0, high = 0] = this.#hash
    return this.#probe(low, high)
  }

  #probe(low: number, high: number): number {
    let slot = low & (this.#slots - 1)
    while (this.#values[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high))
      slot = (slot + 1) & (this.#slots - 1)
    return slot
  }

  #grow(): void {
    const [low, high, values] = [this.#low, this.#high, this.#values]
    this.#slots *= 2
    this.#low = new Uint32Array(this.#slots)
    this.#high = new Uint32Array(this.#slots)
    this.#values = new Float64Array(this.#slots)
    for (let old = 0; old < values.length; old++) {
      if (values[old] === 0) continue
      const slot = this.#probe(low[old] ?? 0, high[old] ?? 0)
      this.#low[slot] = low[old] ?? 0
      this.#high[slot] = high[old] ?? 0
      this.#values[slot] = values[old] ?? 0
    }
  }
}

/** Two multiplicative hashes, mixed at the end (after MurmurHash3's finaliser). */
function hashName(name: Uint8Array, seeds: Uint32Array, out: Uint32Array): void {
  let first = seeds[0] ?? 0
  let second = seeds[1] ?? 0
  for (let index = 0; index < name.length; index++) {
    const byte = name[index] ?? 0
    first = Math.imul(first ^ byte, 0x9e3779b1)
    first ^= first >>> 15
    second = Math.imul(second ^ byte, 0x5f356495)
    second ^= second >>> 13
  }
  first = Math.imul(first ^ (first >>> 16), 0x85ebca6b) ^ Math.imul(second ^ (second >>> 13), 0xc2b2ae35)
  second = Math.imul(second ^ (second >>> 16), 0x85ebca6b) ^ Math.imul(first ^ (first >>> 13), 0xc2b2ae35)
  out[0] = first
  out[1] = second
}
