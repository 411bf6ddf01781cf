import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestBackup } from '@/core/backups/request-backup'
import { requestEnd } from '@/core/restores/request-end'
import { requestRestore } from '@/core/restores/request-restore'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { db } from '@/lib/db'
import { demoActor } from '@/scripts/demo/register-instance'
import { openRig, type Rig } from './rig'
import { strays, until } from './settle'

/** Restores in place by whole processes: a control plane of built files and a real worker. */
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-restore-faults-'))
const homes = join(folder, 'instance', 'homes')
let rig: Rig
let slowBackupId: string

beforeAll(async () => {
  rig = await openRig(folder)
  slowBackupId = (await requestBackup(demoActor, rig.slowPlanId)).backupId
  await untilTrue('the first backup is good', async () => (await stateOfBackup(slowBackupId)) === 'succeeded')
})
afterAll(async () => {
  await rig.stop()
  rmSync(folder, { recursive: true, force: true })
})

function untilTrue(words: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  return until(async () => ((await condition()) ? [] : [`not yet: ${words}`]))
}
const stateOfBackup = async (id: string) => (await db().backup.findUniqueOrThrow({ where: { id } })).state
const restoreOf = (id: string) => db().restore.findUniqueOrThrow({ where: { id }, include: { tasks: true } })
const isOver = async (id: string) => !['queued', 'running'].includes((await restoreOf(id)).state)

async function restoreFiles(): Promise<string> {
  const inPlace = { writers: 'stopped' as const, safety: false }
  const what = { backupId: slowBackupId, artifacts: ['files.tar.zst'], inPlace }
  return (await requestRestore(demoActor, what)).restoreId
}

/** Names, kinds, modes and content of all that people have there. */
function contentNow(): string {
  const script = `find . -path ./.talekeeper -prune -o -printf '%P %y %m %l\\n' | LC_ALL=C sort
    find . -path ./.talekeeper -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum`
  return execFileSync('bash', ['-c', script], { cwd: homes, maxBuffer: 1e8 }).toString()
}

test('promise: two restores that are asked for during a backup wait for it; one is done, the other refused, nothing is mixed', async () => {
  const good = contentNow()
  writeFileSync(join(homes, 'made-since'), 'made since')
  const spoilt = contentNow()
  const { backupId } = await requestBackup(demoActor, rig.slowPlanId)
  await untilTrue('the backup runs', async () => (await stateOfBackup(backupId)) === 'running')
  const ids = [await restoreFiles(), await restoreFiles()]
  await untilTrue('both restores are over', async () => (await Promise.all(ids.map(isOver))).every(Boolean))
  const backup = await db().backup.findUniqueOrThrow({ where: { id: backupId } })
  expect(backup.state).toBe('succeeded')
  const restores = await Promise.all(ids.map(restoreOf))
  expect(restores.map(({ state }) => state).sort()).toEqual(['failed', 'succeeded'])
  const done = restores.find(({ state }) => state === 'succeeded')
  const refused = restores.find(({ state }) => state === 'failed')
  expect(done?.startedAt?.getTime()).toBeGreaterThanOrEqual(backup.finishedAt?.getTime() ?? Number.NaN)
  expect(refused?.problem).toMatchObject({ code: 'restore-kept-beside', action: expect.any(String) })
  expect(contentNow()).toBe(good)

  for (const [end, state] of [
    ['undo', 'undone'],
    ['drop', 'dropped'],
  ] as const) {
    await requestEnd(demoActor, done?.id ?? '', { end, typedSlug: 'demo' })
    await untilTrue(`it is ${state}`, async () => {
      const [task] = (await restoreOf(done?.id ?? '')).tasks
      return (task?.exchange as { state?: string } | null)?.state === state && task?.discardState === 'succeeded'
    })
    expect(contentNow()).toBe(spoilt)
  }
  expect(existsSync(join(homes, '.talekeeper'))).toBe(false)
})

test('promise: a worker that is revoked while it brings files beside stops, and leaves what stands there as it was', async () => {
  const before = contentNow()
  const restoreId = await restoreFiles()
  await untilTrue('files come beside', async () => (await restoreOf(restoreId)).tasks[0]?.phase === 'files')
  const { id } = await db().worker.findFirstOrThrow()
  await revokeWorker(demoActor, id)
  await untilTrue('nothing is left beside', () => !existsSync(join(homes, '.talekeeper')))
  await until(async () => strays(rig))
  expect(contentNow()).toBe(before)
  expect(await restoreOf(restoreId)).toMatchObject({ state: 'lost', problem: { code: 'worker-revoked' } })
})
