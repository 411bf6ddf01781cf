import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { cancelBackup } from '@/core/backups/cancel-backup'
import { getBackupThroughput } from '@/core/backups/get-backup-throughput'
import { requestBackup } from '@/core/backups/request-backup'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { db } from '@/lib/db'
import { manifestSchema } from '@/protocol/manifest'
import { type Stack, startStack } from '@/scripts/stack'
import { makeTwoWorkers, type TwoWorkers } from '@/scripts/two-workers'
import type { WorkerPlace } from '@/scripts/worker'
import { kill } from './kill-round'
import { strays, unsettled, until } from './settle'
import { untruths } from './truth'

/** One backup by two real workers, a real Redis and the built control plane: how it ends, and what it leaves, when one fails. */
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-two-workers-'))
let stack: Stack
let hosts: TwoWorkers
let planId: string
const working = new Map<WorkerPlace, ReturnType<TwoWorkers['run']>>()

beforeAll(async () => {
  stack = await startStack(join(folder, 'control-plane'), { LOST_AFTER_SECONDS: '5', TICK_SECONDS: '1' })
  Object.assign(process.env, stack.environment)
  hosts = await makeTwoWorkers(folder, stack.url, 'two-hosts')
  const { instanceId, sourceIds, remoteId } = hosts
  const targets = [{ ...targetDefaults, remoteId, keepDays: 7 }]
  const plan = { ...planDefaults, instanceId, sourceIds, targets, slug: 'nightly', name: 'Nightly' }
  planId = (await createPlan(hosts.actor, plan)).id
  // slow enough that a moment inside each worker's turn can be met
  await db().plan.update({ where: { id: planId }, data: { partBytes: 1024 ** 2, bytesPerSecond: 1024 ** 2 } })
  for (const place of [hosts.fileserver, hosts.manager]) working.set(place, hosts.run(place))
})
afterAll(async () => {
  for (const worker of working.values()) await worker.stop()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => until(stillMoving))

const workers = () =>
  [...working].map(([place, worker]) => ({ place, worker, temporaryFolder: hosts.temporaryFolderOf(place) }))
const stillMoving = async () => (await Promise.all(workers().map(unsettled))).flat()
const rowOf = (id: string) =>
  db().backup.findUniqueOrThrow({
    where: { id },
    include: { copies: true, artifacts: true, tasks: { orderBy: { attempt: 'asc' } } },
  })
const statesOf = async (id: string) => (await rowOf(id)).tasks.map(({ state }) => state)

function untilTrue(words: string, condition: () => Promise<boolean>, seconds?: number): Promise<void> {
  return until(async () => ((await condition()) ? [] : [`not yet: ${words}`]), seconds)
}

/** Starts a backup and waits until the second worker reads its files. */
async function secondInTurn(): Promise<string> {
  const { backupId } = await requestBackup(hosts.actor, planId)
  await untilTrue('the manager reads files', async () => {
    const [, second] = (await rowOf(backupId)).tasks
    return second?.state === 'running' && second.phase === 'files'
  })
  return backupId
}

async function expectNothingLeft(backupId: string): Promise<void> {
  await untilTrue('leftovers are gone', async () => (await rowOf(backupId)).copies[0]?.presence === 'absent')
  const { folder: name, manifestSha256 } = await rowOf(backupId)
  expect(existsSync(join(hosts.remoteFolder, name ?? 'no folder'))).toBe(false)
  expect(manifestSha256).toBeNull()
  await until(stillMoving)
  expect(await untruths(hosts)).toEqual([])
}

test('promise: it is one backup: one folder, one manifest with the parts of both, and one chart', async () => {
  const { backupId } = await requestBackup(hosts.actor, planId)
  await until(stillMoving)
  const backup = await rowOf(backupId)
  expect(backup).toMatchObject({ state: 'succeeded', problem: null, copies: [{ presence: 'present' }] })
  expect(await statesOf(backupId)).toEqual(['succeeded', 'succeeded'])
  const manifest = JSON.parse(readFileSync(join(hosts.remoteFolder, backup.folder ?? '', 'manifest.json'), 'utf8'))
  const artifacts = manifestSchema.parse(manifest).artifacts.map(({ name, worker }) => `${worker} ${name}`)
  expect(artifacts).toEqual([
    'fileserver files.tar.zst',
    'fileserver files.index.jsonl.zst',
    'manager files-manager.tar.zst',
    'manager files-manager.index.jsonl.zst',
  ])
  expect(await untruths(hosts)).toEqual([])
  const seconds = (await getBackupThroughput(backupId)).map(({ second }) => second)
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b))
  // both had their turn in it, a mebibyte a second
  expect(seconds.at(-1)).toBeGreaterThan(3)
})

test('promise: when one worker is killed the backup is lost and says whose, and goes once that is back', async () => {
  const backupId = await secondInTurn()
  const manager = working.get(hosts.manager)
  if (manager) await kill(manager.process)
  await untilTrue('it counts as lost', async () => (await rowOf(backupId)).state === 'lost')
  expect((await rowOf(backupId)).problem).toMatchObject({ text: expect.stringMatching(/^Worker “manager”: /) })
  expect(await db().lock.count()).toBe(0)
  working.set(hosts.manager, hosts.run(hosts.manager))
  await untilTrue('the manager says that it was killed', async () => (await rowOf(backupId)).state === 'failed')
  expect((await rowOf(backupId)).problem).toMatchObject({
    code: 'worker-restarted',
    text: expect.stringMatching(/^Worker “manager”: /),
  })
  await expectNothingLeft(backupId)
})

test('promise: when the source of one worker fails the backup fails, names it, and nothing of the other stays', async () => {
  renameSync(hosts.certificates, `${hosts.certificates}.away`)
  try {
    const { backupId } = await requestBackup(hosts.actor, planId)
    await untilTrue('it failed', async () => (await rowOf(backupId)).state === 'failed')
    expect(await statesOf(backupId)).toEqual(['succeeded', 'failed'])
    expect((await rowOf(backupId)).problem).toMatchObject({
      text: expect.stringMatching(/^Worker “manager”: .*certificates/),
    })
    await expectNothingLeft(backupId)
  } finally {
    renameSync(`${hosts.certificates}.away`, hosts.certificates)
  }
})

test('promise: cancelled in the turn of the second, no process is left after 5 s, and the remote is cleaned up', async () => {
  const backupId = await secondInTurn()
  await cancelBackup(hosts.actor, backupId)
  await until(async () => workers().flatMap(strays), 5)
  await untilTrue('it is cancelled', async () => (await rowOf(backupId)).state === 'cancelled')
  expect(await statesOf(backupId)).toEqual(['succeeded', 'cancelled'])
  await expectNothingLeft(backupId)

  const { backupId: nextId } = await requestBackup(hosts.actor, planId)
  await until(stillMoving)
  expect((await rowOf(nextId)).state).toBe('succeeded')
  expect(readdirSync(hosts.remoteFolder).length).toBeGreaterThan(0)
})
