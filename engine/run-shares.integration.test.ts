import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'
import type { BackupSpec } from '@/protocol/specs'
import { InPlaceRig } from './in-place-rig'
import { localRemote, s3Remote, type TrialRemote } from './remote/loopback-servers'
import { checkInPlace } from './restore-check/in-place'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'
import { runRestore } from './run-restore'
import { readManifestFile } from './run-rig'

/** One backup by two workers: the first makes the folder and its share of it, the last adds its own and completes it. */
let trial: TrialRemote
let rig: InPlaceRig

async function start(make: () => Promise<TrialRemote> | TrialRemote) {
  trial = await make()
  rig = new InPlaceRig(trial.remote, null)
  for (let i = 0; i < 8; i++) writeFileSync(join(rig.sourceFolder, `file-${i}`), `content ${i}\n`.repeat(30_000))
  mkdirSync(join(rig.work, 'acme'))
  writeFileSync(join(rig.work, 'acme', 'acme.json'), '{"certificates":[]}\n')
}
beforeEach(() => start(localRemote))
afterEach(async () => {
  rig.close()
  await trial.stop()
})

const folder = () => join(trial.folder, rig.instance.slug, rig.folder())
const configOf = (slug: string) => ({
  kind: 'config' as const,
  id: randomUUID(),
  slug,
  paths: [join(rig.work, 'acme')],
})

async function makeFirst(): Promise<BackupSpec> {
  const spec = rig.backupSpec({
    sources: [rig.treeSource(), configOf('certificates')],
    share: { folder: null, contributions: [], completes: false },
  })
  expect(await runBackup(spec, rig.context())).toBe('succeeded')
  return spec
}

function lastOf(first: BackupSpec, changes: Partial<BackupSpec> = {}): BackupSpec {
  return rig.backupSpec({
    backupId: first.backupId,
    attempt: 2,
    worker: { id: randomUUID(), slug: 'manager' },
    sources: [configOf('acme')],
    share: { folder: rig.folder(), contributions: [...rig.contributions], completes: true },
    ...changes,
  })
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error = await run.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof Problem ? error.code : String(error)
}

it.each([
  ['a local folder', localRemote],
  ['S3', s3Remote],
])('on %s: it is restored identical, all of it, onto one worker', async (_, make) => {
  rig.close()
  await trial.stop()
  await start(make)
  const first = await makeFirst()
  expect(rig.events.some(({ type }) => type === 'summary')).toBe(false)
  const firstEvents = rig.events.length
  await runBackup(lastOf(first), rig.context())
  expect(rig.events.slice(firstEvents).some(({ type }) => type === 'folder')).toBe(false)
  expect(new Set(Object.keys(rig.last('summary').trees))).toEqual(new Set(['homes', 'certificates', 'acme']))

  const restore = rig.restoreSpec(first)
  expect(await runRestore(restore, rig.context())).toBe('succeeded')
  // homes and its 8 files, and twice the folder with acme.json
  expect(rig.last('comparison').comparison).toMatchObject({
    entriesExpected: 13,
    entriesIdentical: 13,
    differenceCount: 0,
  })
  expect(readdirSync(restore.target.folder).sort()).toEqual(['config', 'config-manager', 'files'])
})

it('in place it names what of everything stays out: the other worker’s share, and configuration that nobody chose by name', async () => {
  const first = await makeFirst()
  await runBackup(lastOf(first), rig.context())
  const spec = rig.inPlaceSpec(first)
  const leftOut = (await checkInPlace(spec, rig.inPlaceContext())).filter(({ name }) => name === 'left-out')
  expect(leftOut).toMatchObject([{ level: 'amber', text: expect.stringContaining('config.tar.zst (configuration') }])
  expect(leftOut[0]?.text).toContain('config-manager.tar.zst (made by the worker “manager”')
  const chosen = await checkInPlace({ ...spec, artifacts: ['files.tar.zst'] }, rig.inPlaceContext())
  expect(chosen.map(({ name }) => name)).not.toContain('left-out')
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('succeeded')
  const logged = rig.events.flatMap((event) => (event.type === 'log' && event.level === 'warn' ? [event.text] : []))
  expect(logged.join()).toContain('Left out: config-manager.tar.zst')
})

it('names the artifacts of the last worker by its slug, and sums up what both made', async () => {
  const first = await makeFirst()
  await runBackup(lastOf(first), rig.context())
  const { manifest } = readManifestFile(folder())
  expect(manifest.artifacts.map(({ name, worker }) => `${worker} ${name}`)).toEqual([
    'fileserver files.tar.zst',
    'fileserver files.index.jsonl.zst',
    'fileserver config.tar.zst',
    'fileserver config.index.jsonl.zst',
    'manager config-manager.tar.zst',
    'manager config-manager.index.jsonl.zst',
  ])
  expect(manifest.sources.map(({ slug }) => slug)).toEqual(['homes', 'certificates', 'acme'])
  expect(manifest).toMatchObject({ attempt: 2, startedAt: rig.contributions[0]?.startedAt })
  const sums = readFileSync(join(folder(), 'SHA256SUMS'), 'utf8').trim().split('\n')
  const parts = readdirSync(folder()).filter((name) => /\.\d{5}$/.test(name))
  expect(sums.sort()).toEqual(parts.map((name) => `${sha256Hex(readFileSync(join(folder(), name)))}  ${name}`).sort())
})

it.each([
  ['is gone', (part: string) => rmSync(part)],
  ['was cut', (part: string) => writeFileSync(part, 'short')],
  ['has another name', (part: string) => renameSync(part, `${part}x`)],
])('asks for no go when a part of the first worker %s', async (_, damage) => {
  const first = await makeFirst()
  damage(join(folder(), 'files.tar.zst.00000'))
  const requestGo = vi.fn(async () => null)
  const context = rig.context({ requestGo })
  expect(await codeOf(runBackup(lastOf(first), context))).toBe('remote-changed')
  expect(requestGo).not.toHaveBeenCalled()
  expect(readdirSync(folder())).not.toContain('manifest.json')
})

it('fails when the last worker does not see the folder: each host’s own disk is not one remote', async () => {
  const first = await makeFirst()
  rmSync(folder(), { recursive: true })
  expect(await codeOf(runBackup(lastOf(first), rig.context()))).toBe('folder-not-seen')
})

it('is judged as a whole: what a source of the first worker lost is held by the last', async () => {
  const first = await makeFirst()
  const before = { entries: 1000, bytes: 1 }
  const baseline = {
    ...{ backupId: randomUUID(), namespaces: {}, changedFiles: 0 },
    trees: { homes: before, certificates: { entries: 2, bytes: 20 }, acme: { entries: 2, bytes: 20 } },
  }
  expect(await runBackup(lastOf(first, { baseline }), rig.context())).toBe('warning')
  expect(rig.last('summary').held).toEqual(['Source homes has 9 entries; it had 1000.'])
})
