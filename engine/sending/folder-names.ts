const slash = Buffer.from('/')

/** Paths at or below a folder, and what they are called when the folder is all there is. */
export class FolderNames {
  readonly #folder: Buffer
  readonly #inside: Buffer
  readonly #cut: number

  /** an empty path: all there is */
  constructor(folder: Buffer) {
    this.#folder = folder
    this.#inside = Buffer.concat([folder, slash])
    this.#cut = folder.lastIndexOf(0x2f) + 1
  }

  isBelow(path: Buffer): boolean {
    if (this.#folder.length === 0 || path.equals(this.#folder)) return true
    return path.length > this.#inside.length && path.subarray(0, this.#inside.length).equals(this.#inside)
  }

  /** `mnt/homes/ada/notes` → `ada/notes`, of the folder `mnt/homes/ada` */
  shorten(path: Buffer): Buffer {
    return path.subarray(this.#cut)
  }
}
