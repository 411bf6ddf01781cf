import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cancelBackup } from '@/core/backups/cancel-backup'
import { getBackup } from '@/core/backups/get-backup'
import { requestBackup } from '@/core/backups/request-backup'
import { readRunLog } from '@/core/workers/run-log'
import { runCommand } from '@/lib/command'
import { db } from '@/lib/db'
import { demoActor } from '@/scripts/demo/register-instance'
import { createGoodBackup } from '@/scripts/test-rows'
import { manifestSchema } from '@/protocol/manifest'
import { kill } from './kill-round'
import { openRig, type Rig } from './rig'
import { strays, unsettled, until } from './settle'
import { untruths } from './truth'

/** Faults of whole processes: a control plane of built files, a real worker, and a backup that lasts some seconds. */
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-faults-'))
const lostAfterSeconds = 5
let rig: Rig

beforeAll(async () => {
  rig = await openRig(folder, lostAfterSeconds)
})
afterAll(async () => {
  await rig.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => until(() => unsettled(rig)))

const rowOf = (id: string) => db().backup.findUniqueOrThrow({ where: { id }, include: { copies: true, tasks: true } })

/** Starts a backup of the slow plan and waits until it writes files to the remote. */
async function backupUnderWay(): Promise<string> {
  const { backupId } = await requestBackup(demoActor, rig.slowPlanId)
  await untilTrue('the backup writes files', async () => (await rowOf(backupId)).tasks[0]?.phase === 'files')
  return backupId
}

function untilTrue(words: string, condition: () => Promise<boolean> | boolean, seconds?: number): Promise<void> {
  return until(async () => ((await condition()) ? [] : [`not yet: ${words}`]), seconds)
}

async function folderOf(backupId: string): Promise<string> {
  const { folder: name } = await rowOf(backupId)
  if (!name) throw new Error('the backup has no folder')
  return join(rig.remoteFolder, name)
}

test('promise: cancelled from the dashboard in mid-run, no process is left after 5 s, and the remote is cleaned up', async () => {
  const backupId = await backupUnderWay()
  expect(strays(rig)).not.toEqual([])
  await cancelBackup(demoActor, backupId)
  await until(async () => strays(rig), 5)
  await until(() => unsettled(rig))
  const left = await folderOf(backupId)
  await untilTrue('leftovers are gone', async () => (await rowOf(backupId)).copies[0]?.presence === 'absent')
  expect(existsSync(left)).toBe(false)
  expect(await rowOf(backupId)).toMatchObject({ state: 'cancelled', manifestSha256: null })
})

test('promise: what a run reports while web is away is delivered afterwards, none of it lost or doubled', async () => {
  const backupId = await backupUnderWay()
  await kill(rig.stack.web)
  const journals = join(rig.place.folder, 'state', 'journals')
  const journal = join(journals, readdirSync(journals).find((name) => name.includes(backupId)) ?? '')
  const lines = () => readFileSync(journal, 'utf8').trim().split('\n')
  await untilTrue('the run waits for its go', () =>
    lines().some((line) => line.includes('"phase":"go","state":"started"')),
  )
  const made = lines().length
  await rig.stack.startWeb()
  await until(() => unsettled(rig))
  const backup = await getBackup(backupId)
  expect(backup.state).toBe('succeeded')
  expect((await rowOf(backupId)).tasks[0]?.lastEventSequence).toBeGreaterThan(made)
  const manifest = manifestSchema.parse(
    JSON.parse(readFileSync(join(await folderOf(backupId), 'manifest.json'), 'utf8')),
  )
  const partsSent = manifest.artifacts.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256))
  const partsHeard = backup.artifacts.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256))
  expect(partsHeard.sort()).toEqual(partsSent.sort())
  const sequences = readRunLog({ name: 'backup', id: backupId }, { limit: 1_000_000 }).lines.map(
    ({ sequence }) => sequence,
  )
  expect(new Set(sequences).size).toBe(sequences.length)
  expect(await untruths(rig)).toEqual([])
})

test('promise: a run believed lost that wakes up after a newer one succeeded does not write its manifest', async () => {
  const backupId = await backupUnderWay()
  rig.worker.process.kill('SIGSTOP')
  await untilTrue('it counts as lost', async () => (await rowOf(backupId)).state === 'lost')
  expect(await db().lock.count()).toBe(0)
  const newer = await makeNewerBackup(backupId)
  rig.worker.process.kill('SIGCONT')
  await until(() => unsettled(rig))
  const left = await folderOf(backupId)
  expect(existsSync(join(left, 'manifest.json'))).toBe(false)
  const { state, copies } = await rowOf(backupId)
  expect(['lost', 'cancelled', 'failed']).toContain(state)
  expect(copies[0]?.presence).not.toBe('present')
  await db().backup.delete({ where: { id: newer } })
  expect(await untruths(rig)).toEqual([])
})

/** As another worker of the instance would have made it meanwhile. */
async function makeNewerBackup(olderId: string): Promise<string> {
  const older = await rowOf(olderId)
  const { instanceId, planId, planSlug, workerId } = older
  const remoteId = older.copies[0]?.remoteId ?? ''
  const facts = { instanceId, planId, planSlug, workerId: workerId ?? '', remoteId }
  return (await createGoodBackup(db(), facts)).id
}

/** To the last byte. */
function fillDisk(file: string): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(64 * 1024))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

test('promise: a full disk below the state folder fails the run with a plain text, and room again is all it needs', async ({
  skip,
}) => {
  const state = join(rig.place.folder, 'state')
  await rig.worker.stop()
  cpSync(state, `${state}.kept`, { recursive: true })
  const mounted = await runCommand('mount', { arguments: ['-t', 'tmpfs', '-o', 'size=16m,mode=700', 'tmpfs', state] })
  if (mounted.exitCode !== 0) skip('needs the right to mount a tmpfs')
  try {
    cpSync(`${state}.kept`, state, { recursive: true })
    rig.startWorker()
    const backupId = await backupUnderWay()
    const ballast = join(state, 'ballast')
    fillDisk(ballast)
    await until(async () => strays(rig)) // the run has ended, though its report found no room either
    rmSync(ballast)
    await until(() => unsettled(rig))
    const { state: outcome, problem } = await rowOf(backupId)
    expect(outcome).toBe('failed')
    expect(problem).toMatchObject({ text: expect.stringMatching(/space|full|free/), action: expect.any(String) })
    const { backupId: nextId } = await requestBackup(demoActor, rig.slowPlanId)
    await until(() => unsettled(rig))
    expect(await rowOf(nextId)).toMatchObject({ state: 'succeeded', problem: null })
    expect(await untruths(rig)).toEqual([])
  } finally {
    await rig.worker.stop()
    await runCommand('umount', { arguments: [state] })
    rig.startWorker()
  }
})
