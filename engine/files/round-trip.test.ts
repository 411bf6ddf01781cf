import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { runCommand } from '@/lib/command'
import { compareTree } from './compare-tree'
import { extractTar } from './extract-tar'
import {
  archiveToMemory,
  asStream,
  inChunks,
  type MemoryArchive,
  makeTemporaryFolder,
  treeSource,
} from './test-archive'
import { growTree, growths } from './test-tree'

const signal = new AbortController().signal

function compare(archive: MemoryArchive, folder: string) {
  const index = asStream(archive.entries)
  return compareTree({ folder, index, refused: new Set(), sameInstance: true, signal, progress: () => {} })
}

// Promise: names, links, times, modes, owners, sparse and hard links come back as they were, by our restore and by plain tar.
test('any tree comes back identical, also by plain tar', { timeout: 120_000 }, async () => {
  const home = await makeTemporaryFolder()
  let round = 0
  await fc.assert(
    fc.asyncProperty(growths, fc.integer({ min: 1, max: 100_000 }), async (tree, chunkBytes) => {
      const place = join(home, String(round++))
      for (const name of ['tree', 'ours', 'plain']) await mkdir(join(place, name), { recursive: true })
      await growTree(join(place, 'tree'), tree)
      const archive = await archiveToMemory([treeSource(join(place, 'tree'))])
      expect(archive.warnings).toEqual([])

      const tar = inChunks(archive.tar, chunkBytes)
      const options = {
        tar,
        folder: join(place, 'ours'),
        sameInstance: true,
        signal,
        log: () => {},
        progress: () => {},
      }
      const extracted = await extractTar(options)
      expect(extracted).toMatchObject({ refusedCount: 0, strippedCount: 0, entries: archive.entries.length })

      const plain = { arguments: ['-xp', '-f-', '-C', join(place, 'plain')], input: archive.tar }
      expect(await runCommand('tar', plain)).toMatchObject({ exitCode: 0 })

      for (const name of ['ours', 'plain'])
        expect(await compare(archive, join(place, name))).toMatchObject({
          entriesExpected: archive.entries.length,
          entriesIdentical: archive.entries.length,
          differences: [],
        })
    }),
    { numRuns: 25, seed: 3 },
  )
})
