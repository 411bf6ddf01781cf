import { appendFileSync, linkSync, mkdirSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pathOf } from '@/protocol/index-entry'
import { TarReader } from './tar-reader'
import { archiveToMemory, configSource, makeTemporaryFolder, treeSource } from './test-archive'

const megabytes = 1024 * 1024

function pathsOf(archive: { entries: { path?: string | undefined }[] }, folder: string): (string | undefined)[] {
  return archive.entries.map(({ path }) => path?.slice(folder.length - 1))
}

// Promise: exclusions are anchored full paths, no patterns; our own folder at a tree's root is never part of a backup.
test('leaves out what is excluded, and nothing else', async () => {
  const folder = await makeTemporaryFolder()
  for (const name of ['a*', 'ab', 'back\\n', '.talekeeper', 'deep/.talekeeper', '-x']) {
    mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, 'file'), name)
  }
  const archive = await archiveToMemory([
    treeSource(folder, { exclude: [join(folder, 'a*'), join(folder, 'back\\n/file')] }),
  ])
  expect(pathsOf(archive, folder)).toEqual([
    '',
    '/-x',
    '/-x/file',
    '/ab',
    '/ab/file',
    '/back\\n',
    '/deep',
    '/deep/.talekeeper',
    '/deep/.talekeeper/file',
  ])
})

// Promise: one tar holds all trees, so that hard links across them survive; counts are kept by tree.
test('counts entries by source and keeps links across trees', async () => {
  const folder = await makeTemporaryFolder()
  for (const name of ['one', 'one-more', 'config/sub']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'one', 'file'), 'content')
  linkSync(join(folder, 'one', 'file'), join(folder, 'one-more', 'link'))
  writeFileSync(join(folder, 'config', 'acme.json'), '{}')
  writeFileSync(join(folder, 'config', 'sub', 'x'), '12345')
  const trees = await archiveToMemory([
    treeSource(join(folder, 'one'), { slug: 'one' }),
    treeSource(join(folder, 'one-more'), { slug: 'one-more' }),
  ])
  const prefix = folder.slice(1)
  expect(trees.facts).toMatchObject({
    entries: 4,
    changedFiles: 0,
    warningCount: 0,
    trees: [
      { source: 'one', prefix: `${prefix}/one`, entries: 2, files: 1, bytes: 7 },
      { source: 'one-more', prefix: `${prefix}/one-more`, entries: 2, files: 0, bytes: 0 },
    ],
  })
  const [, file, , link] = trees.entries
  expect(link).toMatchObject({ type: 'hardlink', link: file?.path, part: file?.part, offset: file?.offset })

  const config = await archiveToMemory([
    configSource([join(folder, 'config', 'acme.json'), join(folder, 'config', 'sub')]),
  ])
  expect(config.facts.trees).toEqual([{ source: 'config', prefix: `${prefix}/config`, entries: 3, files: 2, bytes: 7 }])
})

// Promise: the index leads to the very header of a member, wherever parts are cut.
test('part and offset lead to the member', { timeout: 60_000 }, async () => {
  const folder = await makeTemporaryFolder()
  for (let file = 0; file < 40; file++)
    writeFileSync(join(folder, `file ${file} ${'é'.repeat(file * 2)}`), 'x'.repeat(file * 100))
  symlinkSync('nowhere', join(folder, 'link'))
  const partBytes = 10_000
  const { tar, entries } = await archiveToMemory([treeSource(folder)], { partBytes })
  for (const entry of entries) {
    const found: Buffer[] = []
    const note = (member: { path: Buffer }) => {
      found.push(member.path)
      return undefined
    }
    const reader = new TarReader({ member: note, data: () => undefined, memberEnd: () => undefined })
    await reader.push(tar.subarray(entry.part * partBytes + entry.offset))
    expect(found[0]).toEqual(pathOf(entry))
    expect(entry.offset).toBeLessThan(partBytes)
  }
})

// Promise: files that change under tar are named one by one, by what happened to them; the backup is kept.
test('names files that really changed, vanished and became shorter while they were read', {
  timeout: 60_000,
}, async () => {
  const folder = await makeTemporaryFolder()
  const path = (name: string) => join(folder, name)
  for (const name of ['a shrinks\n', 'b grows:', 'c']) writeFileSync(path(name), Buffer.alloc(8 * megabytes, name))
  writeFileSync(path('z vanishes'), 'gone soon')
  const server = createServer().listen(path('socket'))
  onTestFinished(() => void server.close())
  let chunks = 0
  const archive = await archiveToMemory([treeSource(folder)], {
    // back-pressure holds tar in the middle of the first file; afterwards in the middle of the second
    write: () => {
      if (chunks++ === 0) {
        truncateSync(path('a shrinks\n'), 2 * megabytes)
        unlinkSync(path('z vanishes'))
      }
      return undefined
    },
    seen: (entry) => {
      if (entry.path?.endsWith('a shrinks\n')) appendFileSync(path('b grows:'), 'more')
      return undefined
    },
  })
  expect(archive.warnings).toMatchObject([
    { code: 'file-shrank', where: `${folder.slice(1)}/a shrinks\\x0a`, source: 'tree' },
    { code: 'file-changed', where: `${folder.slice(1)}/b grows:`, source: 'tree' },
    { code: 'file-vanished', where: `${folder.slice(1)}/z vanishes`, source: 'tree' },
    // the folder lost an entry meanwhile
    { code: 'file-changed', where: folder.slice(1), source: 'tree' },
  ])
  expect(archive.facts).toMatchObject({ changedFiles: 4, warningCount: 4 })
  expect(archive.log).toEqual(['1 sockets were left out: they have no content.'])
})

// Promise: a hole of any size cannot hold up a night's run.
test('does not hash holes without bound, and says so', async () => {
  const folder = await makeTemporaryFolder()
  writeFileSync(join(folder, 'hole'), 'data')
  truncateSync(join(folder, 'hole'), 2 ** 43)
  const { entries, warnings, tar } = await archiveToMemory([treeSource(folder)])
  expect(entries[1]).toMatchObject({ type: 'file', size: 2 ** 43 })
  expect(entries[1]).not.toHaveProperty('xxh128')
  expect(warnings).toMatchObject([{ code: 'content-not-hashed', where: `${folder.slice(1)}/hole` }])
  expect(tar.length).toBeLessThan(megabytes)
})

test('a source that is gone is a failure in tar’s own words', async () => {
  const folder = await makeTemporaryFolder()
  const failed = archiveToMemory([treeSource(join(folder, 'absent'))])
  await expect(failed).rejects.toMatchObject({ code: 'tar-failed', message: expect.stringContaining('Cannot stat') })
})

// Promise: a failing remote or a cancel ends tar at once, and says why.
test('ends when the sink fails and when it is cancelled', async () => {
  const folder = await makeTemporaryFolder()
  writeFileSync(join(folder, 'large'), Buffer.alloc(20 * megabytes))
  const full = () => Promise.reject(new Error('remote is full'))
  await expect(archiveToMemory([treeSource(folder)], { write: full })).rejects.toThrow('remote is full')
  const controller = new AbortController()
  const cancel = () => controller.abort(new Error('cancelled by the test'))
  const cancelled = archiveToMemory([treeSource(folder)], { write: () => void cancel(), signal: controller.signal })
  await expect(cancelled).rejects.toThrow('cancelled by the test')
})
