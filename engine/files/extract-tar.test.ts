import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { encodeMember, paddingAfter, tarEnd } from './encode-member'
import { extractTar } from './extract-tar'
import type { TarMember } from './tar-member'
import { inChunks, makeTemporaryFolder } from './test-archive'

const signal = new AbortController().signal

function member(path: string, facts: Partial<TarMember> = {}): TarMember {
  return {
    startOffset: 0,
    path: Buffer.from(path, 'latin1'),
    linkPath: Buffer.alloc(0),
    type: 'file',
    storedBytes: 0,
    logicalBytes: 0,
    extents: null,
    mode: 0o644,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    mtime: '1700000000',
    deviceMajor: 1,
    deviceMinor: 3,
    attributes: new Map(),
    isOversized: false,
    ...facts,
  }
}

function file(path: string, content: string, facts: Partial<TarMember> = {}): Buffer {
  const header = encodeMember(member(path, { storedBytes: content.length, logicalBytes: content.length, ...facts }))
  return Buffer.concat([header, Buffer.from(content), paddingAfter(content.length)])
}

function link(type: 'symlink' | 'hardlink', path: string, target: string): Buffer {
  return encodeMember(member(path, { type, linkPath: Buffer.from(target) }))
}

const folder = (path: string) => encodeMember(member(path, { type: 'directory', mode: 0o755 }))

/** Extracts below `<place>/scratch`; `<place>/outside/precious` must stay untouched. */
async function extract(members: Buffer[], options: { sameInstance?: boolean } = {}) {
  const place = await makeTemporaryFolder()
  const scratch = join(place, 'scratch')
  mkdirSync(scratch, { mode: 0o700 })
  mkdirSync(join(place, 'outside'))
  writeFileSync(join(place, 'outside', 'precious'), 'precious')
  const tar = inChunks(Buffer.concat([...members, file('last', 'all else is restored'), tarEnd]), 700)
  const common = { signal, log: () => {}, progress: () => {}, sameInstance: options.sameInstance ?? true }
  const facts = await extractTar({ tar, folder: scratch, ...common })
  expect(readdirSync(place)).toEqual(['outside', 'scratch'])
  expect(readdirSync(join(place, 'outside'))).toEqual(['precious'])
  expect(readFileSync(join(place, 'outside', 'precious'), 'utf8')).toBe('precious')
  expect(lstatSync(join(place, 'outside', 'precious')).nlink).toBe(1)
  expect(readFileSync(join(scratch, 'last'), 'utf8')).toBe('all else is restored')
  expect(lstatSync(scratch).mode & 0o777).toBe(0o700)
  return { scratch, facts }
}

// Promise: a hostile archive writes nothing outside; what is refused is named, all else is restored.
describe('refuses and names', () => {
  test.each<[string, Buffer[], string[]]>([
    ['an absolute name', [file('/tmp/talekeeper-pwned', 'x')], ['/tmp/talekeeper-pwned']],
    ['a name with ..', [file('a/../../outside/precious', 'x')], ['a/../../outside/precious']],
    ['the folder itself', [folder('.'), folder('./.')], ['.', './.']],
    ['a name with NUL', [file(`a\0${'b'.repeat(120)}`, 'x')], [`a\\x00${'b'.repeat(120)}`]],
    ['a name below a link out', [link('symlink', 'out', '../outside'), file('out/precious', 'x')], ['out/precious']],
    [
      'a name below an absolute link',
      [link('symlink', 'out', '/tmp'), file('./out//talekeeper-pwned', 'x')],
      ['./out//talekeeper-pwned'],
    ],
    ['a link in place of a folder', [file('a/b', 'x'), link('symlink', 'a', '../outside')], ['a']],
    [
      'a folder in place of a link',
      [link('symlink', 'a', '../outside'), folder('a'), file('a/precious', 'x')],
      ['a', 'a/precious'],
    ],
    ['a file in place of a link', [link('symlink', 'a', '../outside/precious'), file('a', 'x')], ['a']],
    ['a hard link out', [link('hardlink', 'hard', '../outside/precious')], ['hard']],
    ['an absolute hard link', [link('hardlink', 'hard', '/etc/passwd')], ['hard']],
    [
      'a hard link through a link',
      [link('symlink', 'out', '../outside'), link('hardlink', 'hard', 'out/precious')],
      ['hard'],
    ],
    [
      'a write through a hard link to a link',
      [link('symlink', 'out', '../outside'), link('hardlink', 'same', 'out'), file('same/precious', 'x')],
      ['same/precious'],
    ],
    ['a hard link to nothing', [link('hardlink', 'hard', 'absent')], ['hard']],
    [
      'a name that is too long',
      [file(`${'n'.repeat(256)}`, 'x'), file(`${'d/'.repeat(2100)}e`, 'y')],
      ['n'.repeat(256), 'd/'.repeat(2048)],
    ],
  ])('%s', async (_, members, refused) => {
    const { facts } = await extract(members)
    expect(facts.refused.map(({ path }) => path)).toEqual(refused)
    expect(facts.refusedCount).toBe(refused.length)
    expect(facts.refusedPaths.size).toBe(new Set(facts.refused.map(({ path }) => path)).size)
  })

  test('attributes of unbounded size', async () => {
    const attributes = new Map([['SCHILY.xattr.user.huge', Buffer.alloc(17 * 1024 * 1024, 0x61)]])
    const { facts } = await extract([file('huge', 'content', { attributes })])
    expect(facts.refused).toEqual([{ path: 'huge', reason: 'its attributes are too large' }])
  })
})

test('links are kept verbatim, dangling and absolute too', async () => {
  const targets = ['/nowhere', '../outside/precious', 'missing', '.']
  const { scratch, facts } = await extract(targets.map((target, index) => link('symlink', `link${index}`, target)))
  expect(targets.map((_, index) => readlinkSync(join(scratch, `link${index}`)))).toEqual(targets)
  expect(facts.refusedCount).toBe(0)
})

// Promise: nothing of another instance gains rights here.
describe('setuid, capabilities and device nodes', () => {
  const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex')
  const members = () => [
    file('setuid', 'x', { mode: 0o6755 }),
    file('capable', 'x', { attributes: new Map([['SCHILY.xattr.security.capability', capability]]) }),
    encodeMember(member('device', { type: 'character-device' })),
    encodeMember(member('setgid-folder', { type: 'directory', mode: 0o2755 })),
  ]

  test('are stripped, skipped and reported across instances', async () => {
    const { scratch, facts } = await extract(members(), { sameInstance: false })
    expect(lstatSync(join(scratch, 'setuid')).mode & 0o7777).toBe(0o755)
    expect(lstatSync(join(scratch, 'setgid-folder')).mode & 0o7777).toBe(0o2755)
    expect(existsSync(join(scratch, 'device'))).toBe(false)
    expect(facts.refused).toEqual([])
    expect(facts.stripped.map(({ path }) => path)).toEqual(['setuid', 'capable', 'device'])
  })

  test.runIf(process.getuid?.() === 0)('stay as they were on the same instance', async () => {
    const { scratch, facts } = await extract(members())
    expect(lstatSync(join(scratch, 'setuid')).mode & 0o7777).toBe(0o6755)
    expect(lstatSync(join(scratch, 'device')).rdev).toBe(0x103)
    expect(facts).toMatchObject({ refusedCount: 0, strippedCount: 0, entries: 5 })
  })
})

test('a damaged archive is refused, and a cancelled extraction leaves no process', async () => {
  const folder = await makeTemporaryFolder()
  const options = { folder, sameInstance: true, log: () => {}, progress: () => {} }
  const tar = Buffer.concat([file('a', 'content'), tarEnd])
  const damaged = Buffer.from(tar)
  damaged[0] = 0x62
  await expect(extractTar({ ...options, signal, tar: inChunks(damaged) })).rejects.toMatchObject({
    code: 'archive-damaged',
  })
  await expect(extractTar({ ...options, signal, tar: inChunks(tar.subarray(0, 600)) })).rejects.toMatchObject({
    code: 'archive-damaged',
  })
  const controller = new AbortController()
  async function* cancelled() {
    yield tar.subarray(0, 512)
    controller.abort(new Error('cancelled by the test'))
    yield tar.subarray(512)
  }
  await expect(extractTar({ ...options, signal: controller.signal, tar: cancelled() })).rejects.toThrow(
    'cancelled by the test',
  )
})

test('what tar cannot write is a failure in its own words', async () => {
  const folder = await makeTemporaryFolder()
  writeFileSync(join(folder, 'a'), 'in the way')
  const tar = inChunks(Buffer.concat([file('a/b', 'x'), tarEnd]))
  const failed = extractTar({ tar, folder, sameInstance: true, signal, log: () => {}, progress: () => {} })
  await expect(failed).rejects.toMatchObject({
    code: 'extract-failed',
    message: expect.stringContaining('a/b: Cannot open'),
  })
})
