import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** Content on the fake provider's disk, with the hashes that providers tell. */
export type Stored = { file: string; bytes: number; sha1: string; md5: string }

/** Keeps what is uploaded in files of a folder; nothing is ever whole in memory. */
export class ContentStore {
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  }

  /** Takes a stream to its end. What a sender that breaks off left is removed. */
  async receive(source: AsyncIterable<Buffer>): Promise<Stored> {
    const file = randomUUID()
    const hashes = [createHash('sha1'), createHash('md5')] as const
    let bytes = 0
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        for (const hash of hashes) hash.update(chunk)
        bytes += chunk.length
        done(null, chunk)
      },
    })
    try {
      await pipeline(Readable.from(source), measure, createWriteStream(this.path(file), { mode: 0o600 }))
    } catch (error) {
      this.remove(file)
      throw error
    }
    return { file, bytes, sha1: hashes[0].digest('hex'), md5: hashes[1].digest('hex') }
  }

  /** One content out of several, in their order. */
  join(files: readonly string[]): Promise<Stored> {
    const open = (file: string) => this.read(file)
    async function* all() {
      for (const file of files) yield* open(file)
    }
    return this.receive(all())
  }

  /** `last` is the last byte that is wanted; both count from 0. */
  read(file: string, first = 0, last?: number): Readable {
    return createReadStream(this.path(file), { start: first, ...(last === undefined ? {} : { end: last }) })
  }

  remove(file: string): void {
    rmSync(this.path(file), { force: true })
  }

  private path(file: string): string {
    return join(this.folder, file)
  }
}
