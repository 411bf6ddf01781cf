import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { estimateTree } from './estimate-tree'
import { makeTemporaryFolder, treeSource } from './test-archive'

test('a size estimate counts what a backup reads: no exclusion, each hard-linked content once, no link followed', async () => {
  const folder = await makeTemporaryFolder()
  for (const name of ['a', 'left-out', '.talekeeper']) mkdirSync(join(folder, name))
  for (const name of ['a/file', 'left-out/file', '.talekeeper/file'])
    writeFileSync(join(folder, name), 'x'.repeat(1000))
  linkSync(join(folder, 'a/file'), join(folder, 'a/second-name'))
  symlinkSync('/', join(folder, 'a/link'))
  const tree = treeSource(folder, { exclude: [join(folder, 'left-out')] })
  const { signal } = new AbortController()
  expect(await estimateTree(tree, signal)).toMatchObject({ entries: 5, bytes: 1000, isWhole: true })
  expect(await estimateTree(tree, signal, -1)).toMatchObject({ isWhole: false })
})
