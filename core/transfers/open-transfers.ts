import { Problem } from '@/protocol/problem'
import { Transfer } from './transfer'

/** Questions share the worker's line with those that a person waits for: some must stay free. */
const mostOfOneWorker = 2

const shared = globalThis as typeof globalThis & { talekeeperTransfers?: Map<string, Transfer> }

/** All bundles of the web process share this one. */
function open(): Map<string, Transfer> {
  shared.talekeeperTransfers ??= new Map()
  return shared.talekeeperTransfers
}

/** Throws Problem `worker-busy`. */
export function expectTransfer(workerId: string): Transfer {
  const running = [...open().values()].filter((transfer) => transfer.workerId === workerId)
  if (running.length >= mostOfOneWorker)
    throw new Problem({
      code: 'worker-busy',
      text: `The worker is sending ${mostOfOneWorker} things already, as many as it may at once.`,
      action: 'Try again when one of them is done.',
    })
  const transfer = new Transfer(workerId)
  open().set(transfer.id, transfer)
  transfer.over.addEventListener('abort', () => open().delete(transfer.id), { once: true })
  return transfer
}

/** What a worker sends. Its own transfers only; a stranger's and one that is over are not told apart. Throws Problem `transfer-ended`. */
export async function deliverTransfer(
  worker: { id: string },
  id: string,
  body: ReadableStream<Uint8Array>,
): Promise<void> {
  const transfer = open().get(id)
  const isTaken = transfer?.workerId === worker.id && (await transfer.deliver(body))
  if (!isTaken) throw new Problem({ code: 'transfer-ended', text: 'Nobody waits for these bytes any more.' })
}
