import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { copyHashed } from './copy-hashed'

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'copy-hashed-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

const { signal } = new AbortController()
const to = () => join(work, 'copy')
const copy = (from: string, bytes: number) => copyHashed(join(work, from), to(), { bytes, signal, onBytes: () => {} })

describe('a copy of a file of this host', () => {
  it.each([0, 1, 1024 ** 2 - 1, 1024 ** 2, 1024 ** 2 + 1, 3 * 1024 ** 2, 5_000_001])(
    'of %i bytes is the same, is told the hash of, and is ours alone',
    async (bytes) => {
      const data = randomBytes(bytes)
      writeFileSync(join(work, 'file'), data, { mode: 0o644 })
      rmSync(to(), { force: true })
      const told: number[] = []
      const sha256 = await copyHashed(join(work, 'file'), to(), { bytes, signal, onBytes: (done) => told.push(done) })
      expect(sha256).toBe(createHash('sha256').update(data).digest('hex'))
      expect(readFileSync(to()).equals(data)).toBe(true)
      expect(statSync(to()).mode & 0o777).toBe(0o600)
      expect(told.at(-1) ?? 0).toBe(bytes)
    },
  )

  it('is not made of a file of another size', async () => {
    writeFileSync(join(work, 'file'), randomBytes(1000))
    expect(await copy('file', 999)).toBeNull()
    expect(await copy('file', 1001)).toBeNull()
  })

  it('promise: is not made of a link, a FIFO, a folder, or of nothing', async () => {
    writeFileSync(join(work, 'file'), 'x')
    symlinkSync('file', join(work, 'link'))
    mkdirSync(join(work, 'folder'))
    await runCommand('mkfifo', { arguments: [join(work, 'fifo')] })
    for (const from of ['link', 'folder', 'fifo', 'absent']) expect(await copy(from, 1), from).toBeNull()
  })

  it('is not made where it has no place', async () => {
    writeFileSync(join(work, 'file'), 'x')
    expect(
      await copyHashed(join(work, 'file'), join(work, 'absent', 'copy'), { bytes: 1, signal, onBytes: () => {} }),
    ).toBeNull()
  })

  it('promise: ends in the middle with the reason of the signal', async () => {
    const bytes = 8 * 1024 ** 2
    writeFileSync(join(work, 'file'), randomBytes(bytes))
    const controller = new AbortController()
    const reason = new Error('enough')
    const onBytes = (done: number) => {
      if (done >= 2 * 1024 ** 2) controller.abort(reason)
    }
    const copying = copyHashed(join(work, 'file'), to(), { bytes, signal: controller.signal, onBytes })
    await expect(copying).rejects.toBe(reason)
    expect(statSync(to()).size).toBeLessThan(bytes)
  })
})
