import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { IndexEntry } from '@/protocol/index-entry'
import { compareTree } from './compare-tree'
import { extractTar } from './extract-tar'
import { archiveToMemory, asStream, inChunks, makeTemporaryFolder, treeSource } from './test-archive'

const signal = new AbortController().signal

/** A tree, archived and extracted again: `file(name)` is the restored one. */
async function restoreSample() {
  const [from, folder] = [await makeTemporaryFolder(), await makeTemporaryFolder()]
  mkdirSync(join(from, 'folder'))
  writeFileSync(join(from, 'folder', 'one'), 'content one')
  writeFileSync(join(from, 'folder', 'two'), 'content two')
  linkSync(join(from, 'folder', 'one'), join(from, 'hard'))
  symlinkSync('folder', join(from, 'link'))
  const { tar, entries } = await archiveToMemory([treeSource(from)])
  const common = { folder, sameInstance: true, signal, log: () => {}, progress: () => {} }
  await extractTar({ ...common, tar: inChunks(tar) })
  const compare = (options: { refused?: Set<string>; index?: IndexEntry[] } = {}) =>
    compareTree({ ...common, index: asStream(options.index ?? entries), refused: options.refused ?? new Set() })
  return {
    entries,
    compare,
    file: (name: string) => join(folder, from, name),
    name: (name: string) => join(from, name).slice(1),
  }
}

test('finds an untouched restore identical', async () => {
  const { compare } = await restoreSample()
  expect(await compare()).toEqual({
    entriesExpected: 6,
    entriesIdentical: 6,
    differences: [],
    differenceCount: 0,
    bytesCompared: 22,
  })
})

// Promise: whatever is not as the index says is found and named.
test.each<[string, string, (file: (name: string) => string) => void, string]>([
  ['time', 'folder/two', (file) => utimesSync(file('folder/two'), 1, 1), 'its time differs'],
  ['size', 'folder/two', (file) => appendFileSync(file('folder/two'), '!'), 'its size is 12 instead of 11'],
  ['mode', 'folder/two', (file) => chmodSync(file('folder/two'), 0o4755), 'its mode is 4755 instead of'],
  [
    'link target',
    'link',
    (file) => {
      unlinkSync(file('link'))
      symlinkSync('elsewhere', file('link'))
    },
    'its time differs',
  ],
  [
    'type',
    'link',
    (file) => {
      unlinkSync(file('link'))
      mkdirSync(file('link'))
    },
    'it is a directory instead of a symlink',
  ],
  [
    'hard link',
    'hard',
    (file) => {
      renameSync(file('hard'), file('x'))
      copyFileSync(file('x'), file('hard'))
      rmSync(file('x'))
    },
    'it is not the same file as',
  ],
  ['missing', 'folder/two', (file) => unlinkSync(file('folder/two')), 'it is missing'],
])('%s', async (_, name, change, text) => {
  const restored = await restoreSample()
  change(restored.file)
  const { differences, differenceCount, entriesIdentical } = await restored.compare()
  expect(differences).toContainEqual({ where: restored.name(name), text: expect.stringContaining(text) })
  expect(entriesIdentical + differenceCount).toBe(6)
})

test('content of the same size and time, and what is not in the index', async () => {
  const restored = await restoreSample()
  const two = restored.entries.find((entry) => entry.path === restored.name('folder/two'))
  const index = restored.entries.map((entry) => (entry === two ? { ...entry, xxh128: '0'.repeat(32) } : entry))
  writeFileSync(Buffer.concat([Buffer.from(restored.file('folder/')), Buffer.from([0xff])]), 'extra')
  mkdirSync(restored.file('new/below'), { recursive: true })
  const { differences } = await restored.compare({ index })
  expect(differences).toEqual(
    expect.arrayContaining([
      { where: restored.name('folder/two'), text: 'its content is different' },
      { where: expect.stringMatching(/\\xff$/), text: 'it is not in the index' },
      { where: restored.name('new'), text: 'it is not in the index' },
    ]),
  )
})

test('what was refused may be missing, and a cancel ends the comparison', async () => {
  const restored = await restoreSample()
  unlinkSync(restored.file('link'))
  const { differences } = await restored.compare({ refused: new Set([restored.name('link')]) })
  expect(differences.filter(({ where }) => where === restored.name('link'))).toEqual([])
  const options = { folder: restored.file(''), refused: new Set<string>(), sameInstance: true, progress: () => {} }
  const aborted = AbortSignal.abort(new Error('cancelled by the test'))
  await expect(compareTree({ ...options, index: asStream(restored.entries), signal: aborted })).rejects.toThrow(
    'cancelled by the test',
  )
})
