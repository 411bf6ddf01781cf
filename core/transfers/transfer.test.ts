import { expect, test } from 'vitest'
import { deliverTransfer, expectTransfer } from './open-transfers'

const worker = { id: 'worker' }
let workers = 0
const someone = () => ({ id: `worker-${++workers}` })

/** A worker's body that counts how many pieces were asked of it. */
function bodyOf(pieces: number, fault?: Error) {
  const state = { asked: 0, cancelled: false }
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (state.asked++ < pieces) controller.enqueue(new Uint8Array(10))
        else if (fault) controller.error(fault)
        else controller.close()
      },
      cancel: () => {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { body, state }
}

async function drained(bytes: AsyncGenerator<Uint8Array>): Promise<number> {
  let size = 0
  for await (const chunk of bytes) size += chunk.length
  return size
}

test('both sides meet: all bytes pass, and the worker hears so when they are taken', async () => {
  const owner = someone()
  const transfer = expectTransfer(owner.id)
  const delivered = deliverTransfer(owner, transfer.id, bodyOf(3).body)
  expect(await drained(await transfer.bytes)).toBe(30)
  await expect(delivered).resolves.toBeUndefined()
  expect(transfer.over.aborted).toBe(true)
})

test('a worker is held back: nothing is asked of it before somebody takes it', async () => {
  const owner = someone()
  const transfer = expectTransfer(owner.id)
  const { body, state } = bodyOf(1000)
  const delivered = deliverTransfer(owner, transfer.id, body)
  const bytes = await transfer.bytes
  await bytes.next()
  await bytes.next()
  expect(state.asked).toBeLessThanOrEqual(3)
  await bytes.return(undefined)
  await expect(delivered).rejects.toMatchObject({ code: 'transfer-ended' })
  expect(state.cancelled).toBe(true)
})

test('a worker that breaks off is an error for whoever takes the bytes, never an end', async () => {
  const owner = someone()
  const transfer = expectTransfer(owner.id)
  const delivered = deliverTransfer(owner, transfer.id, bodyOf(2, new Error('aborted')).body)
  await expect(drained(await transfer.bytes)).rejects.toMatchObject({ code: 'transfer-cut' })
  await expect(delivered).rejects.toMatchObject({ code: 'transfer-ended' })
})

test('only its own worker delivers it, once, and not when it is over', async () => {
  const owner = someone()
  const transfer = expectTransfer(owner.id)
  const refused = { code: 'transfer-ended' }
  await expect(deliverTransfer(worker, transfer.id, bodyOf(1).body)).rejects.toMatchObject(refused)
  const first = deliverTransfer(owner, transfer.id, bodyOf(1).body)
  await expect(deliverTransfer(owner, transfer.id, bodyOf(1).body)).rejects.toMatchObject(refused)
  transfer.end(new Error('over'))
  await expect(first).rejects.toMatchObject(refused)
  await expect(deliverTransfer(owner, transfer.id, bodyOf(1).body)).rejects.toMatchObject(refused)
  await expect(transfer.bytes.then(drained)).rejects.toThrow('over')
})

test('a worker sends few things at once, so that questions are still answered', () => {
  const owner = someone()
  const [first] = [expectTransfer(owner.id), expectTransfer(owner.id)]
  expect(() => expectTransfer(owner.id)).toThrow('as many as it may at once')
  first.end(new Error('over'))
  expectTransfer(owner.id).end(new Error('over'))
})
