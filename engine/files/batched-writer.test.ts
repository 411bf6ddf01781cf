import { Writable } from 'node:stream'
import { setImmediate, setTimeout } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { startCommand } from '@/lib/command'
import { BatchedWriter, PipeClosed } from './batched-writer'

/** A reader that takes its time, and keeps what it gets. */
function slowReader() {
  const got: Buffer[] = []
  let mostWaiting = 0
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      mostWaiting = Math.max(mostWaiting, stream.writableLength)
      got.push(Buffer.from(chunk))
      setImmediate().then(() => done())
    },
  })
  return { stream, got, mostWaiting: () => mostWaiting }
}

describe('a batched writer', () => {
  it('hands on every byte in its order, whatever the sizes of the pieces (property)', async () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 300_000 }))
    await fc.assert(
      fc.asyncProperty(fc.array(size, { maxLength: 60 }), async (sizes) => {
        const reader = slowReader()
        const writer = new BatchedWriter(reader.stream)
        const pieces = sizes.map((bytes, number) => Buffer.alloc(bytes, `${number},`))
        for (const piece of pieces) await writer.write(piece)
        await writer.end()
        await new Promise((resolve) => reader.stream.once('finish', resolve))
        expect(Buffer.concat(reader.got).equals(Buffer.concat(pieces))).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('lets a bounded number of bytes wait', async () => {
    const reader = slowReader()
    const writer = new BatchedWriter(reader.stream)
    for (let i = 0; i < 200; i++) {
      await writer.write(Buffer.alloc(512))
      await writer.write(Buffer.alloc(100_000))
    }
    await writer.end()
    expect(reader.mostWaiting()).toBeLessThan(1.5 * 1024 ** 2)
  })

  it('promise: tells the writer that the reader is gone, also one that waits', async () => {
    const { stdin, finished } = startCommand('sleep', { arguments: ['0.3'], stdin: 'pipe', stdout: 'ignore' })
    const writer = new BatchedWriter(stdin as Writable)
    const writing = async () => {
      for (;;) {
        await writer.write(Buffer.alloc(200_000))
        await setTimeout(1)
      }
    }
    await expect(writing()).rejects.toThrow(PipeClosed)
    await finished
  })
})
