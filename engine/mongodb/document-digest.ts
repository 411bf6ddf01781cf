import { hash } from 'node:crypto'

/**
 * A digest of a set of documents that does not depend on their order: the sum modulo 2^256 of the SHA-256 of each document's
 * raw BSON, taken as big-endian numbers. A restored collection comes back in another order; this shows that it is the same.
 */
export class DocumentDigest {
  /** the sum's 32-bit words, most significant first; carries are settled before they could grow beyond 2^53 */
  readonly #words = new Float64Array(8)
  #unsettled = 0

  add(document: Uint8Array): void {
    const digest = hash('sha256', document, 'buffer')
    for (let word = 0; word < 8; word++) this.#words[word] = this.#word(word) + digest.readUInt32BE(word * 4)
    if (++this.#unsettled === 1_000_000) this.#settle()
  }

  /** 64 hexadecimal digits; all zeros for no document */
  hex(): string {
    this.#settle()
    return Array.from(this.#words, (word) => word.toString(16).padStart(8, '0')).join('')
  }

  #word(index: number): number {
    return this.#words[index] ?? 0
  }

  #settle(): void {
    let carry = 0
    for (let word = 7; word >= 0; word--) {
      const sum = this.#word(word) + carry
      this.#words[word] = sum % 2 ** 32
      carry = Math.floor(sum / 2 ** 32)
    }
    this.#unsettled = 0
  }
}
