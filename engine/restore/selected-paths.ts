/** Raw paths that were chosen, and all that lies below them. */
export class SelectedPaths {
  /** as latin1 text, each with whether anything was found for it */
  readonly #paths: Map<string, boolean>

  /** raw bytes in base64 */
  constructor(paths: string[]) {
    this.#paths = new Map(paths.map((path) => [Buffer.from(path, 'base64').toString('latin1'), false]))
  }

  holds(path: Buffer): boolean {
    const text = path.toString('latin1')
    for (let end = text.length; end > 0; end = text.lastIndexOf('/', end - 1)) {
      const above = text.slice(0, end)
      if (!this.#paths.has(above)) continue
      this.#paths.set(above, true)
      return true
    }
    return false
  }

  /** One for which nothing was asked that it holds; null: there is none. */
  unmatched(): Buffer | null {
    for (const [path, isMatched] of this.#paths) if (!isMatched) return Buffer.from(path, 'latin1')
    return null
  }
}
