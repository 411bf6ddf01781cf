import { execFileSync } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type IndexEntry, pathOf } from '@/protocol/index-entry'
import { readIndex } from '@/protocol/read-index'
import type { SendFolderSpec } from '@/protocol/specs'
import { canonicalJson } from '@/protocol/canonical-json'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { RunRig, readManifestFile } from './run-rig'
import { sendFile } from './send-file'
import { sendFolder } from './send-folder'
import { sendIndex } from './send-index'
import type { Send } from './sending/send-while'

/** Real rclone, zstd and tar; a backup of several parts with every kind of entry. */
let trial: TrialRemote
let rig: RunRig
let backupId: string
let entries: IndexEntry[]
let good: Map<string, Buffer>
const home = () => join(rig.sourceFolder, 'ada')
const folder = () => join(trial.folder, rig.instance.slug, rig.folder())
const artifact = 'files.tar.zst'
const large = randomBytes(2_500_000)
const oddName = Buffer.from('odd-\xff-name', 'latin1')

beforeAll(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  mkdirSync(join(home(), 'project'), { recursive: true })
  mkdirSync(join(rig.sourceFolder, 'aaa-before'))
  writeFileSync(join(rig.sourceFolder, 'aaa-before', 'first-name'), 'content of the first name')
  for (const name of ['also', 'outside'])
    linkSync(join(rig.sourceFolder, 'aaa-before', 'first-name'), join(home(), name))
  writeFileSync(join(home(), 'large.bin'), large)
  writeFileSync(join(home(), 'empty'), '')
  writeFileSync(Buffer.concat([Buffer.from(`${home()}/`), oddName]), 'odd')
  writeFileSync(join(home(), 'sparse'), 'begin')
  truncateSync(join(home(), 'sparse'), 3_000_000)
  symlinkSync('large.bin', join(home(), 'link'))
  linkSync(join(home(), 'large.bin'), join(home(), 'project', 'same'))
  writeFileSync(join(rig.sourceFolder, 'zzz-after'), 'not part of ada')
  const spec = rig.backupSpec()
  backupId = spec.backupId
  await runBackup(spec, rig.context())
  const { sent } = await took((send) => sendIndex({ question: 'send-index', ...reading() }, rig.context(), send))
  entries = []
  for await (const entry of readIndex(once(gunzipSync(sent)), 'index')) entries.push(entry)
  good = new Map()
})
afterEach(() => {
  for (const [name, bytes] of good) writeFileSync(join(folder(), name), bytes)
  good.clear()
})
afterAll(async () => {
  rig.close()
  await trial.stop()
})

function reading() {
  const backup = { id: backupId, instance: rig.instance, folder: rig.folder(), manifestSha256: null }
  return {
    ...{ askId: randomUUID(), attempt: 1, instance: rig.instance, backup, remote: rig.remote },
    ...{ signingKeys: [rig.key.publicKey], bytesPerSecond: null, artifact },
  }
}

async function took<T>(act: (send: Send) => Promise<T>): Promise<{ answer: T; sent: Buffer; told: number | null }> {
  const chunks: Buffer[] = []
  let told: number | null = null
  const answer = await act(async (body: Readable, bytes) => {
    told = bytes
    for await (const chunk of body) chunks.push(chunk)
  })
  return { answer, sent: Buffer.concat(chunks), told }
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}

function entryOf(name: string): IndexEntry {
  const path = `${home().slice(1)}/${name}`
  const found = entries.find((entry) => pathOf(entry).toString('latin1') === path)
  if (!found) throw new Error(`the index has no ${name}`)
  return found
}

function fileSpec(entry: IndexEntry) {
  const { part, offset, size, xxh128 = '' } = entry
  const path = pathOf(entry).toString('base64')
  return { question: 'send-file' as const, ...reading(), path, place: { part, offset }, size, xxh128 }
}

function folderSpec(): SendFolderSpec {
  const path = home().slice(1)
  const below = entries.filter(
    (entry) => entry.type !== 'hardlink' && `${pathOf(entry).toString('latin1')}/`.startsWith(`${path}/`),
  )
  const places = below.map(({ part, offset }) => ({ part, offset }))
  const [first = null, last = null] = [places.at(0), places.at(-1)]
  return { question: 'send-folder', ...reading(), path: Buffer.from(path).toString('base64'), first, last }
}

function alter(name: string, change: (bytes: Buffer) => Buffer): void {
  const bytes = readFileSync(join(folder(), name))
  good.set(name, bytes)
  writeFileSync(join(folder(), name), change(Buffer.from(bytes)))
}

it('sends the index as it was written', () => {
  expect(entries.map(({ type }) => type)).toContain('hardlink')
  expect(entryOf(oddName.toString('latin1')).pathBase64).toBeDefined()
})

it.each([
  ['large.bin', () => large],
  ['empty', () => Buffer.alloc(0)],
  [oddName.toString('latin1'), () => Buffer.from('odd')],
  ['sparse', () => Buffer.concat([Buffer.from('begin'), Buffer.alloc(2_999_995)])],
])('sends the content of %s, and fetches no part that does not hold it', async (name, content) => {
  const entry = entryOf(name)
  const needed = new Set([`${artifact}.${String(entry.part).padStart(5, '0')}`])
  if (entry.size === 0 || entry.size === 3)
    for (const { name: part } of readManifestFile(folder()).manifest.artifacts[0]?.parts ?? [])
      if (!needed.has(part)) alter(part, () => Buffer.from('not to be read'))
  const { sent, told, answer } = await took((send) => sendFile(fileSpec(entry), rig.context(), send))
  expect(sent.equals(content())).toBe(true)
  expect(told).toBe(entry.size)
  expect(answer).toEqual({ entries: 1, leftOut: 0 })
})

it('never ends well when the content is not what was backed up: its last bytes stay behind', async () => {
  const entry = entryOf('large.bin')
  let arrived = 0
  const wrong = { ...fileSpec(entry), xxh128: '0'.repeat(32) }
  const sending = sendFile(wrong, rig.context(), async (body) => {
    for await (const chunk of body) arrived += (chunk as Buffer).length
  })
  await expect(sending).rejects.toMatchObject({ code: 'content-differs' })
  expect(arrived).toBeLessThan(large.length)
})

it('refuses a part that was altered before a byte of it leaves', async () => {
  const entry = entryOf('large.bin')
  alter(`${artifact}.${String(entry.part).padStart(5, '0')}`, (bytes) => {
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    return bytes
  })
  await expect(took((send) => sendFile(fileSpec(entry), rig.context(), send))).rejects.toMatchObject({
    code: 'part-altered',
  })
})

it('says when the index is damaged, missing, or not the one that was signed', async () => {
  const index = { question: 'send-index' as const, ...reading() }
  const sending = () => took((send) => sendIndex(index, rig.context(), send))
  alter('files.index.jsonl.zst.00000', (bytes) => bytes.fill(7, 10, 20))
  await expect(sending()).rejects.toMatchObject({ code: 'part-altered' })
  rmSync(join(folder(), 'files.index.jsonl.zst.00000'))
  await expect(sending()).rejects.toMatchObject({ code: 'part-missing' })
  const { manifest } = readManifestFile(folder())
  alter('manifest.json', () => Buffer.from(canonicalJson({ ...manifest, artifacts: manifest.artifacts.slice(0, 1) })))
  await expect(sending()).rejects.toMatchObject({ code: 'manifest-wrong-signature' })
})

it('sends a folder as .tar.zst that plain tar unpacks: content, links, holes, and hard links to what lies outside', async () => {
  const { sent, answer } = await took((send) => sendFolder(folderSpec(), rig.context(), send))
  const place = join(rig.work, 'unpacked')
  mkdirSync(place)
  execFileSync('bash', ['-c', `zstd -d | tar -x --same-permissions -C ${place}`], { input: sent })
  const listed = (root: string) =>
    execFileSync('bash', ['-c', `cd ${root} && find ada -printf '%p %y %m %s %l %T@ %n\\n' | sort`]).toString('latin1')
  const expected = listed(rig.sourceFolder)
  // the first name of two of them lies outside: here they are names of one file of their own
  expect(withoutFolderTimes(listed(place))).toEqual(
    withoutFolderTimes(expected.replace(/(also|outside)(.*) 3\n/g, '$1$2 2\n')),
  )
  expect(sha256(join(place, 'ada', 'large.bin'))).toBe(sha256(join(home(), 'large.bin')))
  expect(readFileSync(join(place, 'ada', 'outside'), 'utf8')).toBe('content of the first name')
  expect(answer).toEqual({ entries: expected.trimEnd().split('\n').length, leftOut: 0 })
  expect(execFileSync('bash', ['-c', `zstd -d | tar -t`], { input: sent }).toString()).not.toContain('zzz-after')
})

it('ends when nobody takes the bytes any more, and leaves nothing in the spool', async () => {
  const gone = new Error('the browser is gone')
  await expect(sendFolder(folderSpec(), rig.context(), () => Promise.reject(gone))).rejects.toBe(gone)
  expect(execFileSync('find', [join(rig.work, 'spool'), join(rig.work, 'temporary'), '-type', 'f']).toString()).toBe('')
})

/** Hard links are unpacked last, which touches the folders that they are in. */
function withoutFolderTimes(list: string): string[] {
  return list.split('\n').map((line) => (/ d /.test(line) ? line.split(' ').slice(0, 3).join(' ') : line))
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex')
}
