import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { makeSigningKey, signBytes } from '@/lib/crypto'
import type { Manifest } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { BackupSpec, RestoreSpec } from '@/protocol/specs'
import { Cancelled } from './context'
import { canonicalJson } from '@/protocol/canonical-json'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { runBackup } from './run-backup'
import { runRestore } from './run-restore'
import { RunRig, readManifestFile } from './run-rig'

let trial: TrialRemote
let rig: RunRig
let backup: BackupSpec
let good: Map<string, Buffer>
const folder = () => join(trial.folder, rig.instance.slug, rig.folder())

beforeAll(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  for (let i = 0; i < 30; i++) writeFileSync(join(rig.sourceFolder, `file-${i}`), `content ${i}\n`.repeat(20_000))
  backup = rig.backupSpec()
  await runBackup(backup, rig.context())
  good = new Map(readdirSync(folder()).map((name) => [name, readFileSync(join(folder(), name))]))
})
/** Each test damages the backup as it likes. */
beforeEach(() => {
  rmSync(folder(), { recursive: true })
  mkdirSync(folder())
  for (const [name, bytes] of good) writeFileSync(join(folder(), name), bytes)
  rig.controller = new AbortController()
})
afterAll(async () => {
  rig.close()
  await trial.stop()
})

/** The Problem's code; afterwards nothing of the target, the spool or the temporary files is left. */
async function refusalOf(changes: Partial<RestoreSpec> = {}): Promise<string> {
  const spec = rig.restoreSpec(backup, changes)
  const error = await runRestore(spec, rig.context()).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(existsSync(spec.target.folder), 'the target is untouched').toBe(false)
  expect(readdirSync(join(rig.work, 'spool'))).toEqual([])
  expect(readdirSync(join(rig.work, 'temporary'))).toEqual([])
  return error instanceof Problem ? error.code : String(error)
}

const file = (name: string) => join(folder(), name)
const flip = (name: string) => {
  const bytes = readFileSync(file(name))
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 0x10
  writeFileSync(file(name), bytes)
}
function rewriteManifest(change: (manifest: Manifest) => void, key = rig.key.privateKey): undefined {
  const { manifest } = readManifestFile(folder())
  change(manifest)
  const text = canonicalJson(manifest)
  writeFileSync(file('manifest.json'), text)
  writeFileSync(file('manifest.sig'), signBytes(Buffer.from(text), key))
  return undefined
}
const anchored = () => ({ ...rig.restoreSpec(backup).backup, manifestSha256: '0'.repeat(64) })

/** DESIGN section 4, chain of trust: signature or the dashboard's hash, then manifest, then part. */
describe('what is refused, with the target untouched', () => {
  const cases: [string, string, () => Partial<RestoreSpec> | undefined][] = [
    ['a part with one bit flipped', 'part-altered', () => void flip('files.tar.zst.00001')],
    ['a part cut short', 'part-altered', () => void writeFileSync(file('files.tar.zst.00000'), 'short')],
    ['a part that is missing', 'part-missing', () => void rmSync(file('files.tar.zst.00002'))],
    ['an index with one bit flipped', 'part-altered', () => void flip('files.index.jsonl.zst.00000')],
    [
      'two parts swapped',
      'part-altered',
      () => {
        renameSync(file('files.tar.zst.00000'), file('x'))
        renameSync(file('files.tar.zst.00001'), file('files.tar.zst.00000'))
        renameSync(file('x'), file('files.tar.zst.00001'))
        return undefined
      },
    ],
    ['a manifest that is missing', 'manifest-missing', () => void rmSync(file('manifest.json'))],
    ['a signature that is missing', 'manifest-unsigned', () => void rmSync(file('manifest.sig'))],
    ['a manifest with one bit flipped', 'manifest-wrong-signature', () => void flip('manifest.json')],
    [
      'a manifest signed by a stranger',
      'manifest-wrong-signature',
      () => rewriteManifest(() => {}, makeSigningKey().privateKey),
    ],
    ['a manifest other than the dashboard knows', 'manifest-altered', () => ({ backup: anchored() })],
    [
      'our own manifest of another backup, put into this folder',
      'manifest-foreign',
      () => rewriteManifest((manifest) => Object.assign(manifest, { backupId: randomUUID() })),
    ],
    [
      'our own manifest of another instance',
      'manifest-foreign',
      () => rewriteManifest((manifest) => Object.assign(manifest.instance, { id: randomUUID() })),
    ],
    [
      'a part named outside the folder',
      'manifest-unreadable',
      () => rewriteManifest((manifest) => Object.assign(manifest.artifacts[0]?.parts[0] ?? {}, { name: '../evil' })),
    ],
    [
      'a part listed twice',
      'manifest-unreadable',
      () => rewriteManifest(({ artifacts }) => artifacts[0]?.parts.splice(1, 1, ...artifacts[0].parts.slice(0, 1))),
    ],
    [
      'a format of the future',
      'newer-format',
      () => rewriteManifest((manifest) => Object.assign(manifest, { format: 99 })),
    ],
    ['a manifest that is no JSON', 'manifest-wrong-signature', () => void writeFileSync(file('manifest.json'), '{')],
    ['an artifact that the backup does not have', 'artifact-unknown', () => ({ artifacts: ['other.tar.zst'] })],
    [
      'a target outside the policy',
      'outside-policy',
      () => ({ target: { kind: 'scratch', folder: join(rig.work, 'elsewhere'), mongodb: null } }),
    ],
    [
      'a restore root itself',
      'outside-policy',
      () => ({ target: { kind: 'scratch', folder: join(rig.work, 'restores'), mongodb: null } }),
    ],
  ]
  it.each(cases)('%s', async (_name, code, damage) => {
    const changes = damage() ?? {}
    if (changes.target?.folder === join(rig.work, 'restores')) rmSync(changes.target.folder, { recursive: true })
    expect(await refusalOf(changes)).toBe(code)
    mkdirSync(join(rig.work, 'restores'), { recursive: true })
  })

  it('a target that exists, which stays as it was', async () => {
    const target = join(rig.work, 'restores', 'mine')
    mkdirSync(target)
    writeFileSync(join(target, 'precious'), 'x')
    const spec = rig.restoreSpec(backup, { target: { kind: 'scratch', folder: target, mongodb: null } })
    await expect(runRestore(spec, rig.context())).rejects.toMatchObject({ code: 'target-exists' })
    expect(readdirSync(target)).toEqual(['precious'])
  })

  it('a stranger’s folder', async () => {
    const marker = join(trial.folder, rig.instance.slug, '.talekeeper.json')
    const before = readFileSync(marker)
    writeFileSync(marker, JSON.stringify({ format: 1, instanceId: randomUUID(), slug: rig.instance.slug }))
    expect(await refusalOf()).toBe('foreign-folder')
    writeFileSync(marker, before)
  })
})

it('a cancelled restore removes what it has made, in every phase', async () => {
  for (const phase of ['preflight', 'fetch', 'files', 'compare']) {
    rig.controller = new AbortController()
    const cancelled = new Cancelled()
    const spec = rig.restoreSpec(backup)
    const context = rig.context({
      report: (event) => {
        if (event.type === 'phase' && event.phase === phase && event.state === 'started')
          setImmediate(() => rig.controller.abort(cancelled))
      },
    })
    await expect(runRestore(spec, context)).rejects.toBe(cancelled)
    expect(existsSync(spec.target.folder)).toBe(false)
  }
})

it('a difference is shown and fails the restore, but what came back is kept', async () => {
  const spec = rig.restoreSpec(backup)
  const context = rig.context({
    report: (event) => {
      rig.events.push(event)
      if (event.type === 'phase' && event.phase === 'compare')
        writeFileSync(join(spec.target.folder, 'files', rig.sourceFolder, 'file-3'), 'something else')
    },
  })
  await expect(runRestore(spec, context)).rejects.toMatchObject({ code: 'not-identical' })
  expect(rig.last('comparison').comparison.differences[0]?.where).toContain('file-3')
  expect(existsSync(spec.target.folder)).toBe(true)
})
