import type { Writable } from 'node:stream'

const batchBytes = 256 * 1024
/** Larger pieces are handed on as they are. */
const copyLimitBytes = 16 * 1024

/** The reader closed the pipe before everything was written; its exit code tells why. */
export class PipeClosed extends Error {
  override readonly name = 'PipeClosed'
}

/** Gathers small pieces into large writes, since each write to a pipe is a system call. */
export class BatchedWriter {
  readonly #stream: Writable
  #batch = Buffer.allocUnsafe(batchBytes)
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
    if (this.#used + piece.length <= batchBytes && piece.length <= copyLimitBytes) {
      this.#batch.set(piece, this.#used)
      this.#used += piece.length
      return undefined
    }
    this.#flush()
    if (piece.length > copyLimitBytes) return this.#send(piece)
    this.#batch.set(piece)
    this.#used = piece.length
    return this.#ready()
  }

  async end(): Promise<void> {
    this.#flush()
    await this.#ready()
    this.#stream.end()
  }

  #flush(): void {
    if (this.#used === 0) return
    this.#stream.write(this.#batch.subarray(0, this.#used))
    this.#batch = Buffer.allocUnsafe(batchBytes)
    this.#used = 0
  }

  #send(piece: Uint8Array): Promise<void> | undefined {
    this.#stream.write(piece)
    return this.#ready()
  }

  #ready(): Promise<void> | undefined {
    if (this.#isClosed) return Promise.reject(new PipeClosed())
    if (!this.#stream.writableNeedDrain) return undefined
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
