import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, askWorker, type SendQuestion } from '@/core/asks/ask-worker'
import { expectTransfer } from './open-transfers'
import type { Transfer } from './transfer'

export type AskedTransfer = {
  transfer: Transfer
  /** the bytes as they come, until all are there; throws what the worker says is wrong */
  bytes: AsyncGenerator<Uint8Array>
  /** what the worker says of it afterwards */
  answer: Promise<Answer<SendQuestion['question']>>
}

/** The worker says why it broke off in a request of its own, right after. */
const explanationMilliseconds = 5000
/** So long until a worker begins with a question; it may be busy with others. */
const beginSeconds = 60

/** Asks a worker to send bytes. Throws Problem `worker-busy`; everything else comes with the bytes. */
export function askForTransfer(workerId: string, question: SendQuestion): AskedTransfer {
  const transfer = expectTransfer(workerId)
  const gone = new AbortController()
  const answer = askWorker(workerId, question, beginSeconds, { id: transfer.id, whileItWorks: gone.signal })
  answer.catch((reason: unknown) => transfer.end(reason))
  transfer.over.addEventListener(
    'abort',
    () => {
      setTimeout(() => gone.abort(transfer.over.reason), 2 * explanationMilliseconds).unref()
    },
    { once: true },
  )
  return { transfer, answer, bytes: explained(transfer, answer) }
}

async function* explained(transfer: Transfer, answer: Promise<unknown>): AsyncGenerator<Uint8Array> {
  try {
    yield* await transfer.bytes
  } catch (cut) {
    const reason = await Promise.race([answer.then(() => cut).catch((problem: unknown) => problem), later(cut)])
    throw reason
  }
}

async function later<T>(value: T): Promise<T> {
  await sleep(explanationMilliseconds, undefined, { ref: false })
  return value
}
