import { randomUUID } from 'node:crypto'
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'
import type { BackupSpec, ExpectedFile, InspectionSpec } from '@/protocol/specs'
import type { InspectionContext } from './context'
import { localRemote, s3Remote, type TrialRemote } from './remote/loopback-servers'
import { RemoteStore } from './remote/remote-store'
import { runBackup } from './run-backup'
import { runInspection } from './run-inspection'
import { RunRig, readManifestFile } from './run-rig'

/** Real backups on real remotes, damaged by hand, and looked at. */
let trial: TrialRemote
let rig: RunRig

async function start(make: () => Promise<TrialRemote> | TrialRemote) {
  trial = await make()
  rig = new RunRig(trial.remote)
  writeFileSync(join(rig.sourceFolder, 'file'), 'content of a file '.repeat(1000))
}
beforeEach(() => start(localRemote))
afterEach(async () => {
  rig.close()
  await trial.stop()
})

type Made = { spec: BackupSpec; folder: string; path: string; files: ExpectedFile[]; manifestSha256: string }

async function make(changes: Partial<BackupSpec> = {}): Promise<Made> {
  const before = rig.events.length
  const spec = rig.backupSpec(changes)
  await runBackup(spec, rig.context())
  const parts = rig.events.slice(before).flatMap((event) => (event.type === 'part' ? [event] : []))
  const files = parts.map(({ artifact, number, bytes, remoteHash }) => ({
    ...{ name: `${artifact}.${String(number).padStart(5, '0')}`, bytes, hash: remoteHash ?? null },
  }))
  const path = join(trial.folder, rig.instance.slug, rig.folder())
  const log = rig.events.findLast((event) => event.type === 'log' && event.text.startsWith('SHA-256 of the manifest'))
  const manifestSha256 = log?.type === 'log' ? log.text.slice(-64) : ''
  return { spec, folder: rig.folder(), path, files, manifestSha256 }
}

const about = () => ({
  inspectionId: randomUUID(),
  attempt: 1,
  instance: rig.instance,
  worker: rig.worker,
  remote: rig.remote,
  signingKeys: [rig.key.publicKey],
  limits: { durationSeconds: 3600, stallSeconds: 600, bytesPerSecond: null },
})

function look(spec: InspectionSpec, handIn: InspectionContext['handIn'] = async () => 'adopted') {
  return runInspection(spec, { ...rig.context(), handIn })
}
async function put(path: string, text: string): Promise<void> {
  const store = await RemoteStore.open(rig.remote, {
    ...{ temporaryFolder: rig.work, signal: new AbortController().signal, bytesPerSecond: null, log: () => {} },
  })
  await store.writeText(path, text)
  await store.close()
}
const present = { bytes: null, hash: null }
function list(...made: Made[]) {
  const backups = made.map(({ spec, folder, files }) => ({
    backupId: spec.backupId,
    folder,
    files: [...files, { name: 'manifest.json', ...present }, { name: 'manifest.sig', ...present }],
  }))
  return look({ ...about(), kind: 'listing', backups, ignored: [] })
}
function readBack({ spec, folder, manifestSha256 }: Made) {
  const backup = { id: spec.backupId, instance: rig.instance, folder, manifestSha256 }
  return look({ ...about(), kind: 'readBack', backup, signed: true })
}
/** `backup id → codes of its faults`, of the last verdict on each */
const verdicts = () =>
  Object.fromEntries(
    rig.events.flatMap((event) =>
      event.type === 'judged' ? [[event.backupId, event.faults.map(({ code }) => code)]] : [],
    ),
  )
const strangers = () => rig.events.flatMap((event) => (event.type === 'stranger' ? [event] : []))
const part = ({ path }: Made) => join(path, 'files.tar.zst.00000')
function flipByte(file: string) {
  const bytes = readFileSync(file)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  rmSync(file) // the spool may share it by hard link
  writeFileSync(file, bytes)
}

describe('a listing', () => {
  it('finds a whole backup whole, a missing part, a short one and a folder that is gone; then all whole again', async () => {
    const [whole, missing, short, gone] = [await make(), await make(), await make(), await make()]
    const aside = join(rig.work, 'aside')
    for (const made of [missing, short, gone]) cpSync(made.path, join(aside, made.folder), { recursive: true })
    rmSync(part(missing))
    truncateSync(part(short), 3)
    rmSync(gone.path, { recursive: true })
    expect(await list(whole, missing, short, gone)).toBe('warning')
    expect(verdicts()).toEqual({
      [whole.spec.backupId]: [],
      [missing.spec.backupId]: ['part-missing'],
      [short.spec.backupId]: ['part-altered'],
      [gone.spec.backupId]: ['backup-missing'],
    })
    for (const made of [missing, short, gone]) cpSync(join(aside, made.folder), made.path, { recursive: true })
    expect(await list(whole, missing, short, gone)).toBe('succeeded')
    expect(Object.values(verdicts()).flat()).toEqual([])
  })

  it('finds other content of the same size on S3, which keeps a hash of each file', async () => {
    rig.close()
    await trial.stop()
    await start(s3Remote)
    const [whole, altered] = [await make(), await make()]
    expect(altered.files[0]?.hash).toMatch(/^md5:/)
    const names = readdirSync(altered.path).filter((name) => name.startsWith('files.tar.zst.00000'))
    const others = readdirSync(whole.path).filter((name) => name.startsWith('files.index'))
    expect(names.length + others.length).toBeGreaterThan(1)
    for (const name of names) if (name.endsWith('object')) flipByte(join(altered.path, name))
    for (const name of names) if (name.endsWith('md5')) writeFileSync(join(altered.path, name), 'f'.repeat(32))
    expect(await list(whole, altered)).toBe('warning')
    expect(verdicts()).toEqual({ [whole.spec.backupId]: [], [altered.spec.backupId]: ['part-altered'] })
    expect(strangers()).toEqual([])
  })

  it('reports what the catalogue does not know, with its size, and what a manifest there claims', async () => {
    const [known, unknown, unsigned] = [await make(), await make(), await make()]
    rmSync(join(unsigned.path, 'manifest.sig'))
    const home = join(trial.folder, rig.instance.slug)
    mkdirSync(join(home, 'restic', 'data'), { recursive: true })
    writeFileSync(join(home, 'restic', 'data', 'pack'), '12345')
    writeFileSync(join(home, 'ev\u202eil.txt'), '1')
    writeFileSync(join(dirname(known.path), 'loose'), '12')
    await list(known)
    expect(strangers()).toHaveLength(5)
    const of = (folder: string) => strangers().find((stranger) => stranger.folder === folder)
    expect(of('restic')).toMatchObject({ files: 1, bytes: 5, manifest: null })
    expect(of('ev\\xe2\\x80\\xaeil.txt')).toMatchObject({ files: 1, bytes: 1 })
    expect(of(dirname(known.folder))).toMatchObject({ files: 1, bytes: 2 })
    const { backupId } = unknown.spec
    expect(of(unknown.folder)?.manifest).toMatchObject({ backupId, planSlug: 'nightly', signed: true })
    expect(of(unsigned.folder)?.manifest).toMatchObject({ signed: false })
  })

  it('promise: a remote that is away, or another one, says nothing of any backup', async () => {
    const made = await make()
    renameSync(trial.folder, `${trial.folder}-unmounted`)
    await expect(list(made)).rejects.toMatchObject({ code: 'marker-missing' })
    mkdirSync(join(trial.folder, rig.instance.slug), { recursive: true })
    const marker = { format: 1, instanceId: randomUUID(), slug: rig.instance.slug }
    writeFileSync(join(trial.folder, rig.instance.slug, '.talekeeper.json'), JSON.stringify(marker))
    await expect(list(made)).rejects.toMatchObject({ code: 'foreign-folder' })
    await expect(readBack(made)).rejects.toMatchObject({ code: 'foreign-folder' })
    expect(verdicts()).toEqual({})
  })

  it.each([
    ['a local folder', localRemote],
    ['S3', s3Remote],
  ])(
    'finds files of the older scripts on %s that no backup ever went to, but not in a stranger’s folder nor in none',
    async (_, makeRemote) => {
      rig.close()
      await trial.stop()
      await start(makeRemote)
      await expect(list()).rejects.toMatchObject({ code: 'marker-missing' })
      const copy = (text: string, path: string) => put(`${rig.instance.slug}/${path}`, text)
      await copy('homes', '20220101/home-20220101.tgz')
      await copy('databases', '20220101/mongodump-20220101.tgz')
      expect(await list()).toBe('succeeded')
      expect(strangers()).toMatchObject([
        { folder: '20220101', files: 2, older: [{ holds: 'homes', bytes: 5 }, { holds: 'mongodb' }] },
      ])
      await copy(JSON.stringify({ format: 1, instanceId: randomUUID(), slug: rig.instance.slug }), '.talekeeper.json')
      await expect(list()).rejects.toMatchObject({ code: 'foreign-folder' })
    },
  )
})

describe('reading back', () => {
  it('proves a whole backup, on a local folder and on S3', async () => {
    const made = await make()
    expect(await readBack(made)).toBe('succeeded')
    rig.close()
    await trial.stop()
    await start(s3Remote)
    const other = await make()
    expect(await readBack(other)).toBe('succeeded')
    expect(verdicts()).toEqual({ [other.spec.backupId]: [] })
  })

  const damages: [string, (made: Made) => void, string[]][] = [
    ['a bit in a part', (made) => flipByte(part(made)), ['part-altered']],
    ['a missing part', (made) => rmSync(part(made)), ['part-missing']],
    ['an altered manifest', ({ path }) => flipByte(join(path, 'manifest.json')), ['manifest-altered']],
    ['a missing manifest', ({ path }) => rmSync(join(path, 'manifest.json')), ['manifest-missing']],
    [
      'another signature',
      ({ path }) => writeFileSync(join(path, 'manifest.sig'), 'AAAA'),
      ['manifest-wrong-signature'],
    ],
    ['an altered SHA256SUMS', ({ path }) => flipByte(join(path, 'SHA256SUMS')), ['checksums-altered']],
    [
      'parts that took each other’s place',
      ({ path }) => copyFileSync(join(path, 'files.index.jsonl.zst.00000'), join(path, 'files.tar.zst.00000')),
      ['part-altered'],
    ],
  ]
  it('finds every kind of damage', async () => {
    const made = await make()
    cpSync(made.path, join(rig.work, 'aside'), { recursive: true })
    for (const [name, damage, codes] of damages) {
      damage(made)
      expect([name, await readBack(made)]).toEqual([name, 'warning'])
      expect([name, verdicts()[made.spec.backupId]]).toEqual([name, codes])
      rmSync(made.path, { recursive: true })
      cpSync(join(rig.work, 'aside'), made.path, { recursive: true })
    }
    expect(await readBack(made)).toBe('succeeded')
  })

  it('promise: it changes nothing on the remote', async () => {
    const made = await make()
    const state = () =>
      readdirSync(trial.folder, { recursive: true, encoding: 'utf8' })
        .toSorted()
        .map((name) => `${name} ${sha256OrFolder(join(trial.folder, name))}`)
    const before = state()
    await readBack(made)
    await list(made)
    expect(state()).toEqual(before)
  })
})

it('an adoption hands in exact manifests, judges each backup by its parts, and goes on after a refusal', async () => {
  const [whole, short, refused] = [await make(), await make(), await make()]
  truncateSync(part(short), 3)
  const handed: string[] = []
  const spec = {
    ...about(),
    kind: 'adoption' as const,
    folders: [whole.folder, short.folder, refused.folder, '20200101/000000Z-x'],
  }
  const outcome = await look(spec, async ({ folder, manifest, signature }) => {
    if (folder === refused.folder) throw new Problem({ code: 'other-instance', text: 'no' })
    expect(sha256Hex(manifest)).toBe(readManifestFile(join(trial.folder, rig.instance.slug, folder)).sha256)
    expect(signature).toBeTruthy()
    handed.push(folder)
    return 'adopted'
  })
  expect(outcome).toBe('warning')
  expect(new Set(handed)).toEqual(new Set([whole.folder, short.folder]))
  expect(verdicts()).toEqual({ [whole.spec.backupId]: [], [short.spec.backupId]: ['part-altered'] })
})

function sha256OrFolder(path: string): string {
  try {
    return sha256Hex(readFileSync(path))
  } catch {
    return 'folder'
  }
}
