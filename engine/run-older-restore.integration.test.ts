import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { runCommand } from '@/lib/command'
import { dropDatabases } from './mongodb/drop-databases'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runOlderRestore } from './run-older-restore'
import { RunRig } from './run-rig'

/** Promise: files of the scripts before Talekeeper come back beside, whatever their names say, and a damaged one leaves nothing. */
const day = 'wt-old/20190102'
let trial: TrialRemote
let rig: RunRig
let count = 0
const mebibyte = 1024 ** 2
let tar: Buffer

beforeAll(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  mkdirSync(join(trial.folder, day), { recursive: true })
  writeFileSync(join(rig.sourceFolder, 'notes.txt'), 'of long ago\n'.repeat(9000))
  const made = ['-C', rig.sourceFolder, '--transform', 's,^outside,../outside,', '-P', '-cf', '-', 'notes.txt']
  writeFileSync(join(rig.sourceFolder, 'outside'), 'planted')
  tar = (await runCommand('tar', { arguments: [...made, 'outside'] })).stdout
})
afterAll(async () => {
  rig.close()
  await trial.stop()
})

function put(name: string, bytes: Buffer): string {
  writeFileSync(join(trial.folder, day, name), bytes)
  return `${day}/${name}`
}

function restore(path: string, databasePrefix?: string, bytesPerSecond: number | null = null) {
  const folder = join(rig.work, 'restores', `older-${++count}`)
  const mongodb = databasePrefix ? { connection: inject('mongodbUrl'), databasePrefix, tools: 'auto' as const } : null
  const target = { kind: 'scratch' as const, folder, mongodb }
  return { folder, done: runOlderRestore({ remote: trial.remote, path, target, bytesPerSecond }, rig.context()) }
}

const logged = () => rig.events.flatMap((event) => (event.type === 'log' ? [event.text] : [])).join('\n')

it.each([
  ['home-20190102.tgz', () => gzipSync(tar), /gzip checksum is right/],
  ['homes.tar', () => tar, /no checksum either/],
])('extracts %s, but nothing outside, and says what could be verified', async (name, bytes, words) => {
  rig.events.length = 0
  const { folder, done } = restore(put(name, bytes()))
  expect(await done).toBe('warning')
  expect(readdirSync(folder)).toEqual(['notes.txt'])
  expect(readFileSync(join(folder, 'notes.txt'))).toEqual(readFileSync(join(rig.sourceFolder, 'notes.txt')))
  expect(existsSync(join(folder, '..', 'outside'))).toBe(false)
  expect(logged()).toMatch(words)
  expect(logged()).toMatch(/1 entries extracted, 1 refused/)
})

it('restores a mongodump archive that is called .tgz under other names', async () => {
  const archive = readFileSync(join(import.meta.dirname, 'mongodb', 'fixtures', 'test.bar.archive'))
  const path = put('mongodump-20190102.tgz', gzipSync(archive))
  await expect(restore(path).done).rejects.toMatchObject({ code: 'no-mongodb-target' })
  rig.events.length = 0
  await restore(path, 'older_').done
  expect(logged()).toMatch(/[1-9]\d* documents in [1-9]\d* namespaces/)
  const { signal } = new AbortController()
  expect(
    (await dropDatabases({ connection: inject('mongodbUrl'), databasePrefix: 'older_', signal })).length,
  ).toBeGreaterThan(0)
})

it.each([
  ['cut gzip', () => gzipSync(tar).subarray(0, -300), 'older-damaged'],
  ['gzip without its last byte', () => gzipSync(tar).subarray(0, -1), 'older-damaged'],
  ['wrong checksum', () => withFlip(gzipSync(tar), -6), 'older-damaged'],
  ['cut tar', () => tar.subarray(0, 5000), 'archive-damaged'],
  ['something else', () => Buffer.from('not an archive'), 'older-unknown'],
  ['nothing', () => Buffer.alloc(0), 'older-unknown'],
])('refuses a file with %s, and leaves nothing', async (_name, bytes, code) => {
  const { folder, done } = restore(put('dms.tar', bytes()))
  await expect(done).rejects.toMatchObject({ code })
  expect(existsSync(folder)).toBe(false)
})

it('a file that is not there is told by the remote', async () => {
  const { folder, done } = restore(`${day}/registry.tar`)
  await expect(done).rejects.toMatchObject({ name: 'Problem', code: expect.stringMatching(/^remote-/) })
  expect(existsSync(folder)).toBe(false)
})

it('is fetched no faster than it is told', async () => {
  writeFileSync(join(rig.sourceFolder, 'random'), randomBytes(2 * mebibyte))
  const packed = await runCommand('tar', { arguments: ['-cf', '-', '-C', rig.sourceFolder, 'random'] })
  const path = put('homes.tar', packed.stdout)
  const start = performance.now()
  await restore(path, undefined, mebibyte).done
  expect(performance.now() - start).toBeGreaterThan(1500)
})

it('a file that unpacks to more than the disk holds ends in words, and leaves nothing', async (test) => {
  const disk = join(rig.work, 'restores', 'small')
  mkdirSync(disk)
  const mounted = await runCommand('mount', { arguments: ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk] })
  if (mounted.exitCode !== 0) return test.skip('needs the right to mount a tmpfs')
  try {
    writeFileSync(join(rig.sourceFolder, 'large'), Buffer.alloc(10_000_000))
    const large = await runCommand('tar', { arguments: ['-cf', '-', '-C', rig.sourceFolder, 'large'] })
    const path = put('home-20190103.tgz', gzipSync(large.stdout))
    const target = { kind: 'scratch' as const, folder: join(disk, 'back'), mongodb: null }
    const done = runOlderRestore({ remote: trial.remote, path, target, bytesPerSecond: null }, rig.context())
    await expect(done).rejects.toMatchObject({
      code: 'extract-failed',
      message: expect.stringMatching(/large: (?:Cannot write: No space left on device|Wrote only \d+ of \d+ bytes)/),
    })
    expect(readdirSync(disk)).toEqual([])
  } finally {
    await runCommand('umount', { arguments: [disk] })
  }
})

function withFlip(bytes: Buffer, at: number): Buffer {
  bytes[bytes.length + at] = (bytes[bytes.length + at] ?? 0) ^ 1
  return bytes
}
