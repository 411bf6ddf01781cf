import { expect, test, vi } from 'vitest'
import type { AskedTransfer } from '@/core/transfers/ask-for-transfer'
import { Transfer } from '@/core/transfers/transfer'
import { Problem } from '@/protocol/problem'
import { findDownload, openDownload } from './open-downloads'
import { takeDownload } from './take-download'

const ada = { kind: 'user' as const, id: 'ada', name: 'Ada' }
const facts = { userId: 'ada', fileName: 'notes.txt', bytes: 20 }

/** A worker that sends two pieces, and perhaps fails between them. */
function asked(fault?: Problem): AskedTransfer & { ended: () => boolean } {
  let isEnded = false
  const pieces = async function* () {
    try {
      yield Buffer.alloc(10)
      if (fault) throw fault
      yield Buffer.alloc(10)
    } finally {
      isEnded = true
    }
  }
  const answer = fault ? Promise.reject(fault) : Promise.resolve({ entries: 2, leftOut: 1 })
  answer.catch(() => {})
  return { transfer: new Transfer('worker'), bytes: pieces(), answer, ended: () => isEnded }
}

async function ready(token: string): Promise<void> {
  await vi.waitFor(() => expect(findDownload(token, 'ada').state).toBe('ready'))
}

test('a link is for whoever asked for it, once, and tells at the end what was left out', async () => {
  const token = openDownload(facts, asked())
  await ready(token)
  expect(() => takeDownload({ ...ada, id: 'bob' }, token)).toThrow('made for somebody else')
  expect(() => takeDownload(ada, 'guessed')).toThrow('not known')
  const body = await new Response(takeDownload(ada, token).body).arrayBuffer()
  expect(body.byteLength).toBe(20)
  expect(() => takeDownload(ada, token)).toThrow('followed already')
  await vi.waitFor(() => expect(findDownload(token, 'ada')).toMatchObject({ state: 'done', sentBytes: 20, leftOut: 1 }))
})

test('content that differs breaks the download off, and the person is told why', async () => {
  const fault = new Problem({ code: 'content-differs', text: 'It is not what was backed up.' })
  const token = openDownload(facts, { ...asked(fault), answer: new Promise(() => {}) })
  await ready(token)
  await expect(new Response(takeDownload(ada, token).body).arrayBuffer()).rejects.toThrow()
  expect(findDownload(token, 'ada')).toMatchObject({ state: 'failed', problem: { code: 'content-differs' } })
})

test('a browser that goes away ends the worker’s sending', async () => {
  const sending = asked()
  const token = openDownload(facts, sending)
  await ready(token)
  const reader = takeDownload(ada, token).body.getReader()
  await reader.read()
  await reader.cancel()
  expect(sending.ended()).toBe(true)
  expect(sending.transfer.over.aborted).toBe(true)
  expect(findDownload(token, 'ada')).toMatchObject({ state: 'failed', problem: { code: 'download-stopped' } })
})
