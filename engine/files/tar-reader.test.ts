import { closeSync, ftruncateSync, linkSync, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { createXXHash128 } from 'hash-wasm'
import { expect, test } from 'vitest'
import { runCommand } from '@/lib/command'
import type { IndexEntry } from '@/protocol/index-entry'
import { createArchiveIndex } from './archive-index'
import { TarReader } from './tar-reader'
import { archiveToMemory, makeTemporaryFolder, treeSource } from './test-archive'

async function makeTar(): Promise<Buffer> {
  const folder = await makeTemporaryFolder()
  writeFileSync(join(folder, 'empty'), '')
  writeFileSync(join(folder, 'small'), 'small\n')
  writeFileSync(join(folder, `long ${'n'.repeat(200)}`), 'x'.repeat(512))
  linkSync(join(folder, 'small'), join(folder, 'z-hard-link'))
  symlinkSync('é'.repeat(80), join(folder, 'symlink'))
  const sparse = openSync(join(folder, 'sparse'), 'w')
  for (let extent = 0; extent < 60; extent++) writeSync(sparse, `data ${extent}`, extent * 65_536)
  ftruncateSync(sparse, 5_000_000)
  closeSync(sparse)
  return (await archiveToMemory([treeSource(folder)])).tar
}

async function read(tar: Buffer, cut: (at: number) => number): Promise<IndexEntry[]> {
  const entries: IndexEntry[] = []
  const index = (entry: IndexEntry) => {
    entries.push(entry)
    return undefined
  }
  const reader = new TarReader(await createArchiveIndex({ partBytes: 4096, index, counted: () => {} }))
  for (let at = 0; at < tar.length; ) {
    const size = cut(at)
    // a copy of its own, which is spoilt afterwards, so that nothing may rest on a chunk's memory
    const chunk = Buffer.from(tar.subarray(at, at + size))
    await reader.push(chunk)
    at += size
  }
  reader.finish()
  return entries
}

// Promise: how the stream is cut changes nothing.
test('chunks of any size give the same entries', { timeout: 60_000 }, async () => {
  const tar = await makeTar()
  const whole = await read(tar, () => tar.length)
  expect(whole).toHaveLength(7)
  expect(await read(tar.subarray(0, 40_000 - (40_000 % 512)), () => 1).catch((error: Error) => error.message)).toMatch(
    /ends too early|damaged/,
  )
  for (const size of [511, 512, 513, 4096, 65_536]) expect(await read(tar, () => size)).toEqual(whole)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }), async (sizes) => {
      let turn = 0
      expect(await read(tar, () => sizes[turn++ % sizes.length] ?? 1)).toEqual(whole)
    }),
    { numRuns: 20, seed: 1 },
  )
})

// Promise: the hash in the index is that of the content as it is read, holes included.
test('hashes the logical content', async () => {
  const folder = await makeTemporaryFolder()
  const file = openSync(join(folder, 'sparse'), 'w')
  writeSync(file, 'middle', 3_000_000)
  ftruncateSync(file, 9_000_000)
  closeSync(file)
  const { entries } = await archiveToMemory([treeSource(folder)])
  const content = Buffer.alloc(9_000_000)
  content.write('middle', 3_000_000)
  const hasher = await createXXHash128()
  expect(entries[1]).toMatchObject({ type: 'file', size: 9_000_000, xxh128: hasher.init().update(content).digest() })
})

// Promise: a header that is not exactly as it was written is refused, or read as something else; it never passes as the same.
test('no altered header passes, no cut passes', { timeout: 60_000 }, async () => {
  const tar = await makeTar()
  const whole = JSON.stringify(await read(tar, () => tar.length))
  const headers = [
    ...new Set(JSON.parse(whole).map((entry: IndexEntry) => entry.part * 4096 + entry.offset)),
  ] as number[]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...headers),
      fc.nat(511),
      fc.integer({ min: 1, max: 255 }),
      async (at, offset, flip) => {
        const altered = Buffer.from(tar)
        altered[at + offset] = (altered[at + offset] ?? 0) ^ flip
        const isEndOfChecksum = offset === 154 || offset === 155
        if (!isEndOfChecksum)
          await expect(read(altered, () => 65_536)).rejects.toMatchObject({ code: 'archive-damaged' })
      },
    ),
    { numRuns: 200, seed: 1 },
  )
  const end = tar.findLastIndex((byte) => byte !== 0)
  await fc.assert(
    fc.asyncProperty(fc.nat(end), async (length) => {
      await expect(read(tar.subarray(0, length), () => 65_536)).rejects.toMatchObject({ code: 'archive-damaged' })
    }),
    { numRuns: 100, seed: 1 },
  )
})

// Promise: archives that other tars wrote are read as well.
test.each([['gnu'], ['ustar'], ['pax']])('reads %s format', async (format) => {
  const folder = await makeTemporaryFolder()
  const name = `${'f'.repeat(90)}/${'g'.repeat(90)}`
  const script =
    'mkdir -p "$0/$(dirname "$1")" && echo hello >"$0/$1" && ln -s target "$0/link" && exec tar -c --format="$2" -C "$0" .'
  const { stdout } = await runCommand('sh', { arguments: ['-c', script, folder, name, format] })
  const entries = await read(stdout, () => 1000)
  expect(entries.find((entry) => entry.path === `./${name}`)).toMatchObject({ type: 'file', size: 6 })
  expect(entries.find((entry) => entry.path === './link')).toMatchObject({ type: 'symlink', link: 'target' })
})
