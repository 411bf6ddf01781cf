import { displayName } from '@/protocol/display-name'
import { mostNamed } from '@/protocol/restore-preview'

const longestName = 300

/** Keeps the first names of all that it is told of, in the order of their bytes, so that memory is bounded. */
export class FirstNames {
  readonly #names: Buffer[] = []

  add(name: Buffer): void {
    const last = this.#names.at(-1)
    const isFull = this.#names.length === mostNamed.changes
    if (isFull && last && Buffer.compare(name, last) >= 0) return
    let [low, high] = [0, this.#names.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (Buffer.compare(this.#names[middle] ?? name, name) <= 0) low = middle + 1
      else high = middle
    }
    this.#names.splice(low, 0, Buffer.from(name))
    if (isFull) this.#names.pop()
  }

  /** For people; what is too long ends with an ellipsis. */
  list(): string[] {
    return this.#names.map((name) => {
      const text = displayName(name)
      return text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text
    })
  }
}
