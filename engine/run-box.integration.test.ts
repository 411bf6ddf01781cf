import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startBoxRemote } from '@/e2e/fake-providers/box-remote'

const box = await startBoxRemote()
const { runBackup } = await import('./run-backup')
const { runRestore } = await import('./run-restore')
const { runPrune } = await import('./run-prune')
const { testRemote } = await import('./test-remote')
const { RunRig } = await import('./run-rig')

const { control } = box.fake
const mebibyte = 1024 ** 2
const rig = new RunRig(box.remote)
rig.policy.backends = ['box']

beforeAll(() => {
  // what does not compress, so that one part is larger than what Box takes in one request
  writeFileSync(join(rig.sourceFolder, 'large'), randomBytes(58 * mebibyte))
  writeFileSync(join(rig.sourceFolder, 'small'), 'content')
})
beforeEach(() => control.forgetCalls())
afterEach(() => control.setAccount('box', '1001', { quota: 1e12 }))
afterAll(async () => {
  rig.close()
  await box.stop()
})

it('a backup goes to Box by an upload session, is checked by SHA-1, restored the same, and deleted to the trash', async () => {
  const spec = rig.backupSpec({ partBytes: 56 * mebibyte })
  expect(await runBackup(spec, rig.context())).toBe('succeeded')
  expect(control.countCalls({ host: 'upload.box.com', path: '/commit$', status: 201 })).toBe(1)
  const parts = rig.events.filter((event) => event.type === 'part')
  expect(parts.length).toBe(3)
  for (const part of parts) expect(part).toMatchObject({ checked: 'hash', remoteHash: expect.stringMatching(/^sha1:/) })

  const restore = rig.restoreSpec(spec)
  expect(await runRestore(restore, rig.context())).toBe('succeeded')
  expect(rig.last('comparison')).toMatchObject({ comparison: { differenceCount: 0 } })

  const items = [{ backupId: spec.backupId, folder: rig.folder(), reason: 'retention' as const }]
  const prune = {
    pruneId: randomUUID(),
    attempt: 1,
    instance: rig.instance,
    worker: rig.worker,
    remote: rig.remote,
    items,
  }
  expect(await runPrune(prune, rig.context())).toBe('succeeded')
  expect(control.listFiles('box').map((file) => file.path)).toEqual([`WT/${rig.instance.slug}/.talekeeper.json`])
})

it('the test of a remote passes, and says that Box tells SHA-1', async () => {
  const { steps, hashes } = await testRemote(rig.remote, rig.context())
  expect(steps.filter((step) => !step.ok)).toEqual([])
  expect(hashes).toEqual(['sha1'])
})

it('an account that becomes full in the middle ends the run in plain words, and leaves no manifest', async () => {
  // what the first test left in the trash counts too
  control.setAccount('box', '1001', { quota: 95 * mebibyte })
  const spec = rig.backupSpec({ partBytes: 30 * mebibyte })
  await expect(runBackup(spec, rig.context())).rejects.toMatchObject({ code: 'remote-full' })
  expect(control.listFiles('box').some((file) => file.path.endsWith('manifest.json'))).toBe(false)
})

it('no secret of the connection reaches the worker: only the lease, and access tokens in rclone’s memory', () => {
  const seen = JSON.stringify([rig.remote, rig.events])
  for (const token of control.refreshTokens('box')) expect(seen).not.toContain(token)
  expect(readFileSync('/proc/self/environ', 'utf8')).not.toMatch(/rt-|secret-/)
})
