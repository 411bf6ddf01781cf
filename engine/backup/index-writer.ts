import { createHash } from 'node:crypto'
import type { ArtifactSink } from '@/engine/parts/artifact-sink'
import type { IndexEntry } from '@/protocol/index-entry'

/** Lines are handed on in pieces of this size: a call per line would cost more than the line. */
const pieceCharacters = 64 * 1024

/** Writes index entries as JSON lines into an artifact. */
export class IndexWriter {
  entries = 0
  private text = ''
  private readonly hash = createHash('sha256')

  constructor(private readonly sink: Pick<ArtifactSink, 'write'>) {}

  write(entry: IndexEntry): Promise<void> | undefined {
    this.entries++
    this.text += `${JSON.stringify(entry)}\n`
    return this.text.length < pieceCharacters ? undefined : this.flush()
  }

  /** Hands on what is left and returns the SHA-256 of all lines. */
  async finish(): Promise<string> {
    await this.flush()
    return this.hash.digest('hex')
  }

  private flush(): Promise<void> | undefined {
    const piece = Buffer.from(this.text)
    this.text = ''
    this.hash.update(piece)
    return piece.length === 0 ? undefined : this.sink.write(piece)
  }
}
