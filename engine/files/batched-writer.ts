import type { Writable } from 'node:stream'

const batchBytes = 256 * 1024
/** Larger pieces are handed on as they are. */
const copyLimitBytes = 16 * 1024
/** So much may wait in this process: while the reader makes files, the next bytes are fetched and looked at. */
const queueBytes = 1024 * 1024

/** The reader closed the pipe before everything was written; its exit code tells why. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed'
}

/** Gathers small pieces into large writes, since each write to a pipe is a system call. */
export class BatchedWriter {
  readonly #stream: Writable
  #batch = Buffer.allocUnsafe(batchBytes)
  /** of the batch: what lies before `#sent` was handed on, what lies from there to `#used` waits */
  #sent = 0
  #used = 0
  #isClosed = false

  constructor(stream: Writable) {
    this.#stream = stream
    stream.on('error', () => {
      this.#isClosed = true
    })
    stream.on('close', () => {
      this.#isClosed = true
    })
  }

  /** Takes a piece that does not change afterwards. Returns a promise when the writer must wait; it may reject with PipeClosed. */
  write(piece: Uint8Array): Promise<void> | undefined {
    if (piece.length === 0) return undefined
    if (piece.length > copyLimitBytes) {
      this.#flush()
      this.#stream.write(piece)
      return this.#ready()
    }
    const isFull = this.#used + piece.length > batchBytes
    if (isFull) this.#startBatch()
    this.#batch.set(piece, this.#used)
    this.#used += piece.length
    return isFull ? this.#ready() : undefined
  }

  async end(): Promise<void> {
    this.#flush()
    await this.#ready()
    this.#stream.end()
  }

  /** The rest of the batch takes what comes next: a new one for each flush would keep the garbage collector busy. */
  #flush(): void {
    if (this.#used === this.#sent) return
    this.#stream.write(this.#batch.subarray(this.#sent, this.#used))
    this.#sent = this.#used
  }

  #startBatch(): void {
    this.#flush()
    this.#batch = Buffer.allocUnsafe(batchBytes)
    this.#sent = 0
    this.#used = 0
  }

  #ready(): Promise<void> | undefined {
    if (this.#isClosed) return Promise.reject(new PipeClosed())
    if (this.#stream.writableLength < queueBytes) return undefined
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#stream.off('drain', settle).off('close', settle)
        if (this.#isClosed) reject(new PipeClosed())
        else resolve()
      }
      this.#stream.on('drain', settle).on('close', settle)
    })
  }
}
