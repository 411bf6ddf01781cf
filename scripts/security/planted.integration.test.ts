import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordPruneEvents } from '@/core/prunes/record-prune-events'
import { localRemote, type TrialRemote } from '@/engine/remote/loopback-servers'
import { runBackup } from '@/engine/run-backup'
import { runPrune } from '@/engine/run-prune'
import { runRestore } from '@/engine/run-restore'
import { readManifestFile, RunRig } from '@/engine/run-rig'
import { makeSigningKey, sha256Hex, signBytes } from '@/lib/crypto'
import type { BackupSpec, PruneSpec } from '@/protocol/specs'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'

/** Promise: a manifest that somebody put on the remote never counts as a backup of ours, and costs none of ours. */
let trial: TrialRemote
let rig: RunRig
let genuine: { spec: BackupSpec; folder: string; sha256: string }
const place = (folder: string) => join(trial.folder, rig.instance.slug, folder)

beforeEach(async () => {
  trial = localRemote()
  rig = new RunRig(trial.remote)
  writeFileSync(join(rig.sourceFolder, 'file'), 'content')
  const spec = rig.backupSpec()
  await runBackup(spec, rig.context())
  genuine = { spec, folder: rig.folder(), sha256: readManifestFile(place(rig.folder())).sha256 }
})
afterEach(async () => {
  rig.close()
  await trial.stop()
})

type Planted = { name: string; folder: string; code: string; write: (manifest: Record<string, unknown>) => void }

/** What somebody with the remote's password can make out of a copy of a genuine backup. */
function plantings(): Planted[] {
  const write = (folder: string, manifest: object, privateKey?: string) => {
    const text = JSON.stringify(manifest)
    writeFileSync(join(place(folder), 'manifest.json'), text)
    if (privateKey) writeFileSync(join(place(folder), 'manifest.sig'), signBytes(Buffer.from(text), privateKey))
    else rmSync(join(place(folder), 'manifest.sig'), { force: true })
  }
  const strangersKey = makeSigningKey().privateKey
  const strangers = { instance: { id: randomUUID(), slug: rig.instance.slug } }
  const of = (name: string, folder: string, code: string, make: (folder: string, genuine: object) => void) => ({
    ...{ name, folder, code },
    write: (manifest: Record<string, unknown>) => make(folder, manifest),
  })
  return [
    of('unsigned', '20260101/000001Z-nightly', 'manifest-unsigned', (folder, was) =>
      write(folder, { ...was, changedFiles: 1 }),
    ),
    of('altered below the old signature', '20260101/000002Z-nightly', 'manifest-wrong-signature', (folder, was) =>
      writeFileSync(join(place(folder), 'manifest.json'), JSON.stringify({ ...was, changedFiles: 1 })),
    ),
    of('of a stranger’s instance', '20260101/000003Z-nightly', 'manifest-wrong-signature', (folder, was) =>
      write(folder, { ...was, ...strangers }, strangersKey),
    ),
    of('of a stranger’s instance, signed by us', '20260101/000004Z-nightly', 'manifest-foreign', (folder, was) =>
      write(folder, { ...was, ...strangers }, rig.key.privateKey),
    ),
    of('dated in the future', '20991231/000000Z-nightly', 'manifest-wrong-signature', (folder, was) =>
      write(folder, { ...was, backupId: randomUUID(), startedAt: '2099-12-31T00:00:00.000Z' }, strangersKey),
    ),
    of(
      'with a copied id and a foreign signature',
      '20260101/000005Z-nightly',
      'manifest-wrong-signature',
      (folder, was) => write(folder, was, strangersKey),
    ),
  ]
}

function plantAll(): Planted[] {
  const manifest = JSON.parse(readFileSync(join(place(genuine.folder), 'manifest.json'), 'utf8'))
  return plantings().map((planted) => {
    mkdirSync(place(planted.folder), { recursive: true })
    cpSync(place(genuine.folder), place(planted.folder), { recursive: true })
    planted.write(manifest)
    return planted
  })
}

function prune(items: PruneSpec['items']) {
  const about = { pruneId: randomUUID(), attempt: 1, instance: rig.instance, worker: rig.worker, remote: rig.remote }
  return runPrune({ ...about, items }, rig.context())
}

describe('planted manifests', () => {
  test('are refused by a restore, by the signature alone and by the hash that the dashboard keeps', async () => {
    for (const { name, folder, code } of plantAll()) {
      const backup = { id: genuine.spec.backupId, instance: rig.instance, folder }
      const restore = (manifestSha256: string | null) =>
        runRestore(rig.restoreSpec(genuine.spec, { backup: { ...backup, manifestSha256 } }), rig.context())
      await expect(restore(null), name).rejects.toMatchObject({ code })
      // a copied manifest, byte for byte, is the genuine one; all others are not
      if (readManifestFile(place(folder)).sha256 !== genuine.sha256)
        await expect(restore(genuine.sha256), name).rejects.toMatchObject({ code: 'manifest-altered' })
    }
  })

  test('let neither retention nor a clean-up take a genuine backup, nor are they taken for leftovers', async () => {
    const planted = plantAll()
    for (const { folder } of planted) {
      await prune([{ backupId: genuine.spec.backupId, folder, reason: 'leftover' }])
      expect(existsSync(join(place(folder), 'manifest.json'))).toBe(true)
    }
    const future = planted.find(({ name }) => name === 'dated in the future')?.folder ?? ''
    expect(await prune([{ backupId: genuine.spec.backupId, folder: future, reason: 'retention' }])).toBe('warning')
    expect(await prune([{ backupId: randomUUID(), folder: genuine.folder, reason: 'retention' }])).toBe('warning')
    expect(readManifestFile(place(genuine.folder)).sha256).toBe(genuine.sha256)
    expect(existsSync(join(place(genuine.folder), 'files.tar.zst.00000'))).toBe(true)
    const restored = rig.restoreSpec(genuine.spec, {
      backup: { id: genuine.spec.backupId, instance: rig.instance, folder: genuine.folder, manifestSha256: null },
    })
    expect(await runRestore(restored, rig.context())).toBe('succeeded')
  })
})

test('a manifest found among the leftovers of a lost backup makes it good only when it is the one we signed', async () => {
  const { db, close } = await openTestDatabase()
  const { instance, worker, remote, plan } = await createScene(db)
  const signed = sha256Hex('the manifest that got its go')
  const reported = async (manifestSha256: string) => {
    const lost = await createBackup(
      db,
      { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id },
      {
        ...{ state: 'lost', folder: '20260101/000000Z-nightly', goAt: new Date(), manifestSha256: signed },
        copies: { create: [{ remoteId: remote.id, presence: 'leftover' }] },
      },
    )
    const row = await db.prune.create({
      data: {
        ...{ instanceId: instance.id, workerId: worker.id, remoteId: remote.id, state: 'running' },
        items: { create: [{ backupId: lost.id, reason: 'leftover' }] },
      },
    })
    const problem = { code: 'has-manifest', text: 'There is a manifest.' }
    const events = numbered([{ type: 'pruned', backupId: lost.id, problem, manifestSha256 }])
    await recordPruneEvents(worker, { run: runOf('prune', row.id), events, progress: null })
    return db.backup.findUniqueOrThrow({ where: { id: lost.id }, include: { copies: true } })
  }
  expect(await reported(sha256Hex('a planted one'))).toMatchObject({
    state: 'lost',
    copies: [{ presence: 'leftover' }],
  })
  expect((await reported(signed)).copies).toMatchObject([{ presence: 'present' }])
  await close()
})
