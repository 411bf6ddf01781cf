import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FileHasher, hashFile } from './hash-file'

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'hash-file-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const { signal } = new AbortController()
const hex = (type: string, data: Buffer) => createHash(type).update(data).digest('hex')

async function withFile<T>(act: (file: FileHandle, path: string) => Promise<T>): Promise<T> {
  const path = join(work, 'file')
  const file = await open(path, 'w+')
  try {
    return await act(file, path)
  } finally {
    await file.close()
  }
}

describe('hashes of a file that grows', () => {
  it('are those of the whole, however it grew and was followed (property)', async () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 1_500_000 }), fc.boolean(), fc.boolean())
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        await withFile(async (file, path) => {
          const hasher = new FileHasher(file, 'sha1')
          const pieces: Buffer[] = []
          for (const [bytes, follows, waits] of steps) {
            const piece = randomBytes(bytes)
            pieces.push(piece)
            const writing = file.writeFile(piece)
            if (follows) hasher.follow()
            await writing
            if (waits) await new Promise((resolve) => setTimeout(resolve, 2))
          }
          const all = Buffer.concat(pieces)
          const expected = { bytes: all.length, sha256: hex('sha256', all), other: hex('sha1', all) }
          expect(await hasher.finish(signal)).toEqual(expected)
          expect(await hashFile(path, 'sha1', signal)).toEqual(expected)
        })
      }),
      { numRuns: 30 },
    )
  })

  it('end with the reason of the signal', async () => {
    await withFile(async (file) => {
      await file.writeFile(randomBytes(3_000_000))
      const hasher = new FileHasher(file, null)
      hasher.follow()
      const reason = new Error('enough')
      await expect(hasher.finish(AbortSignal.abort(reason))).rejects.toBe(reason)
    })
  })

  it('tell at the end what could not be read on the way', async () => {
    const file = await open(join(work, 'closed'), 'w+')
    const hasher = new FileHasher(file, null)
    await file.close()
    hasher.follow()
    await expect(hasher.finish(signal)).rejects.toThrow()
  })
})
