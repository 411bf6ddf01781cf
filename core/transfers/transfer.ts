import { randomUUID } from 'node:crypto'
import { Problem } from '@/protocol/problem'

type Body = ReadableStream<Uint8Array>

/**
 * A stream from a worker to whoever asked for it, who meet in this process. Nothing is kept in between: the worker goes as fast
 * as its bytes are taken, and when either side goes away the other ends too.
 */
export class Transfer {
  /** also that of the question to the worker */
  readonly id = randomUUID()
  /** The bytes, once they begin to come, to be taken once. Rejects with the reason why they will not. */
  readonly bytes: Promise<AsyncGenerator<Uint8Array>>
  readonly #over = new AbortController()
  #settleBytes!: { resolve: (bytes: AsyncGenerator<Uint8Array>) => void; reject: (reason: unknown) => void }
  #reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  #isComplete = false

  constructor(readonly workerId: string) {
    this.bytes = new Promise((resolve, reject) => {
      this.#settleBytes = { resolve, reject }
    })
    this.bytes.catch(() => {}) // whoever takes them sees it
  }

  /** Aborted when it is over, well or not. */
  get over(): AbortSignal {
    return this.#over.signal
  }

  /** Ends it for both sides; the first reason stays. */
  end(reason: unknown): void {
    if (this.over.aborted) return
    this.#over.abort(reason)
    this.#settleBytes.reject(reason)
    this.#reader?.cancel(reason).catch(() => {})
  }

  /** Hands the worker's stream over, once; whether all of it was taken in the end. */
  async deliver(body: Body): Promise<boolean> {
    if (this.over.aborted || this.#reader) return false
    this.#reader = body.getReader()
    const over = new Promise<void>((resolve) => this.over.addEventListener('abort', () => resolve(), { once: true }))
    this.#settleBytes.resolve(this.#taken(this.#reader))
    await over
    return this.#isComplete
  }

  async *#taken(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        yield value
      }
      if (this.over.aborted) throw this.over.reason
      this.#isComplete = true
    } catch (cause) {
      throw this.over.aborted ? this.over.reason : transferCut(cause)
    } finally {
      this.end(new Error('whoever took the bytes has gone'))
    }
  }
}

function transferCut(cause: unknown): Problem {
  return new Problem(
    {
      code: 'transfer-cut',
      text: 'The worker broke off before everything had arrived.',
      action: 'Try again; if it happens again, look at the log of the worker.',
    },
    { cause },
  )
}
