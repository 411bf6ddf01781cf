import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { cleanUpLeftovers } from '@/core/prunes/clean-up-leftovers'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { getWorkerActivity } from '@/core/workers/get-worker-activity'
import { revokeWorker } from '@/core/workers/revoke-worker'
import type { Db, Worker } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import type { Contribution } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue, type TestQueue } from '@/scripts/test-queue'
import { createSource, createWorker } from '@/scripts/test-rows'
import { createScene, manifestOf, numbered, runOf } from '@/scripts/test-scene'
import { cancelBackup } from './cancel-backup'
import { claimBackup } from './claim-backup'
import { enqueueWaitingBackups } from './enqueue-waiting-backups'
import { giveGo } from './give-go'
import { markLostBackups } from './mark-lost-backups'
import { recordBackupEvents } from './record-events'
import { requestBackup } from './request-backup'
import { takeContribution } from './take-contribution'

/** A backup of two workers: the fileserver's homes, then the manager's configuration. */
let db: Db
let close: () => Promise<void>
let queue: TestQueue
let scene: Awaited<ReturnType<typeof twoWorkers>>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  queue = openTestQueue()
  await ensureSigningKey()
})
afterAll(() => close())
beforeEach(async () => {
  queue.jobs.clear()
  scene = await twoWorkers()
})

async function twoWorkers() {
  const { worker: first, ...rest } = await createScene(db)
  // its slug comes before the other's: the kind of its source decides the order
  const last = await createWorker(db, rest.instance.id, { slug: 'a-manager' })
  const config = await createSource(db, rest.instance.id, last.id, {
    ...{ kind: 'config', settings: { paths: ['/home/ubuntu/acme.json'] } },
  })
  await db.planSource.create({ data: { planId: rest.plan.id, sourceId: config.id } })
  return { ...rest, first, last, config }
}

const succeeded: EventBody = { type: 'finished', state: 'succeeded', problem: null }
const failed: EventBody = { type: 'finished', state: 'failed', problem: { code: 'tar-failed', text: 'tar broke' } }
const summary: EventBody = {
  ...{ type: 'summary', bytes: 10, rawBytes: 20, warningCount: 0, changedFiles: 1, held: [] },
  ...{ namespaces: {}, trees: {}, consistency: '', tools: {} },
}
const sha256 = 'a'.repeat(64)

function artifactEvents(name: string): EventBody[] {
  const facts = { bytes: 1, rawBytes: 1 }
  return [
    { type: 'part', artifact: name, number: 0, ...facts, sha256, checked: 'hash' },
    { type: 'artifact', kind: 'files', name, parts: 1, ...facts, entries: 1, documents: null },
  ]
}

function contributionOf(worker: Worker): Contribution {
  const artifact = { bytes: 1, rawBytes: 1, rawSha256: null, worker: worker.slug }
  const part = { name: 'files.tar.zst.00000', bytes: 1, rawBytes: 1, sha256, checked: 'hash' as const }
  return {
    ...{ startedAt: '2027-01-01T00:00:00.000Z', versions: { tar: '1.34' }, sources: [] },
    artifacts: [{ kind: 'files', name: 'files.tar.zst', trees: [], ...artifact, parts: [part] }],
    ...{ warnings: [], warningCount: 0, changedFiles: 0 },
  }
}

const folder = (plan = scene.plan): EventBody => ({ type: 'folder', folder: `20270101/000000Z-${plan.slug}` })
const rowOf = (id: string) =>
  db.backup.findUniqueOrThrow({
    where: { id },
    include: { copies: true, artifacts: true, tasks: { orderBy: { attempt: 'asc' } } },
  })
const statesOf = async (id: string) => {
  const { state, tasks } = await rowOf(id)
  return [state, ...tasks.map((task) => task.state)].join(' ')
}
const lockCount = () => db.lock.count({ where: { instanceId: scene.instance.id } })
const send = (worker: Worker, attempt: number, id: string, bodies: EventBody[], from = 1) =>
  recordBackupEvents(worker, { run: runOf('backup', id, attempt), events: numbered(bodies, from), progress: null })

async function begun() {
  const { backupId } = await requestBackup(control, scene.plan.id)
  const spec = await claimBackup(scene.first, { id: backupId, attempt: 1 })
  return { id: backupId, spec }
}

/** The first worker is done: its share is handed over. */
async function firstDone() {
  const { id } = await begun()
  await send(scene.first, 1, id, [folder(), ...artifactEvents('files.tar.zst')])
  await takeContribution(scene.first, { run: runOf('backup', id), contribution: contributionOf(scene.first) })
  await send(scene.first, 1, id, [succeeded], 4)
  return id
}

/** As the last worker makes it: its own artifact beside what was handed over. */
function wholeManifest(spec: Parameters<typeof manifestOf>[0], changes: Record<string, unknown> = {}): string {
  const own = JSON.parse(manifestOf(spec)).artifacts
  const artifacts = [...contributionOf(scene.first).artifacts, { ...own[0], name: 'config-a-manager.tar.zst' }]
  return manifestOf(spec, { artifacts, ...changes })
}

test('promise: with a worker that is too old to share a backup nothing is begun, and it is named', async () => {
  await db.worker.update({ where: { id: scene.last.id }, data: { protocol: '1.0' } })
  const { backupId } = await requestBackup(control, scene.plan.id)
  await expect(claimBackup(scene.first, { id: backupId, attempt: 1 })).rejects.toMatchObject({ code: 'not-claimable' })
  const { state, folder: made, problem } = await rowOf(backupId)
  expect({ state, made, problem }).toMatchObject({ state: 'failed', made: null, problem: { code: 'worker-too-old' } })
  expect(problem).toMatchObject({ text: expect.stringContaining('“a-manager”') })
  expect(await lockCount()).toBe(0)
})

test('each of them shows it as its own work', async () => {
  const id = await firstDone()
  const idsOf = async (worker: Worker) => (await getWorkerActivity(worker.id)).current.map((run) => run.id)
  expect([await idsOf(scene.first), await idsOf(scene.last)]).toEqual([[], []])
  await claimBackup(scene.last, { id, attempt: 2 })
  expect([await idsOf(scene.first), await idsOf(scene.last)]).toEqual([[], [id]])
})

describe('two workers make one backup', () => {
  test('in turn: each is told of its own sources, the second of the folder and of what the first made', async () => {
    const { id, spec } = await begun()
    expect(spec.sources.map(({ slug }) => slug)).toEqual([scene.source.slug])
    expect(spec.share).toEqual({ folder: null, contributions: [], completes: false })
    const early = { id, attempt: 2 }
    await expect(claimBackup(scene.last, early)).rejects.toMatchObject({ code: 'not-claimable' })
    expect([...queue.jobs].join()).not.toContain(`${id}-2`)

    await send(scene.first, 1, id, [folder(), ...artifactEvents('files.tar.zst')])
    await takeContribution(scene.first, { run: runOf('backup', id), contribution: contributionOf(scene.first) })
    await send(scene.first, 1, id, [succeeded], 4)
    expect(await statesOf(id)).toBe('running succeeded queued')
    expect(queue.jobs).toContain(`tk:${scene.last.redisPrefix} work backup-${id}-2`)
    expect(await lockCount()).toBe(1)

    const second = await claimBackup(scene.last, early)
    expect(second.sources.map(({ slug }) => slug)).toEqual([scene.config.slug])
    const { folder: made } = await rowOf(id)
    expect(second.share).toEqual({ folder: made, contributions: [contributionOf(scene.first)], completes: true })

    await send(scene.last, 2, id, [...artifactEvents('config-a-manager.tar.zst'), summary])
    await giveGo(scene.last, { run: runOf('backup', id, 2), manifest: wholeManifest(second) })
    await send(scene.last, 2, id, [succeeded], 4)
    expect(await statesOf(id)).toBe('succeeded succeeded succeeded')
    expect((await rowOf(id)).copies[0]).toMatchObject({ presence: 'present' })
    expect(await lockCount()).toBe(0)
  })

  test('and one that waits for its second worker is enqueued again when Redis forgot it', async () => {
    const id = await firstDone()
    queue.jobs.clear()
    await enqueueWaitingBackups()
    expect([...queue.jobs].filter((job) => job.includes(id))).toEqual([
      `tk:${scene.last.redisPrefix} work backup-${id}-2`,
    ])
  })

  test('no worker speaks for another: not for its artifacts, its share, or in the manifest', async () => {
    const id = await firstDone()
    const spec = await claimBackup(scene.last, { id, attempt: 2 })
    const run = runOf('backup', id, 2)
    await expect(send(scene.last, 2, id, artifactEvents('files.tar.zst'))).rejects.toMatchObject({
      code: 'invalid-artifact',
    })
    const altered = contributionOf(scene.first).artifacts.map((artifact) => ({ ...artifact, rawSha256: sha256 }))
    for (const artifacts of [altered, [], JSON.parse(manifestOf(spec)).artifacts])
      await expect(giveGo(scene.last, { run, manifest: manifestOf(spec, { artifacts }) })).rejects.toMatchObject({
        code: 'invalid-manifest',
      })
    await expect(
      takeContribution(scene.last, { run, contribution: contributionOf(scene.first) }),
    ).rejects.toMatchObject({ code: 'invalid-contribution' })
    await giveGo(scene.last, { run, manifest: wholeManifest(spec) })
  })

  test('gets no go while a share is missing', async () => {
    const { id, spec } = await begun()
    await send(scene.first, 1, id, [folder()])
    const early = { run: runOf('backup', id), manifest: manifestOf(spec) }
    await expect(giveGo(scene.first, early)).rejects.toMatchObject({ code: 'share-missing' })
    await takeContribution(scene.first, { run: early.run, contribution: contributionOf(scene.first) })
    await send(scene.first, 1, id, [succeeded], 2)
    const second = await claimBackup(scene.last, { id, attempt: 2 })
    const where = { backupId_attempt: { backupId: id, attempt: 1 } }
    await db.backupTask.update({ where, data: { state: 'lost' } })
    await expect(
      giveGo(scene.last, { run: runOf('backup', id, 2), manifest: wholeManifest(second) }),
    ).rejects.toMatchObject({ code: 'share-missing' })
    expect((await rowOf(id)).goAt).toBeNull()
  })
})

describe('one of two workers', () => {
  const now = new Date('2027-01-01T12:00:00Z')
  const hourAgo = new Date(now.getTime() - 3_600_000)

  async function listening() {
    const life = { upSince: new Date(now.getTime() - 86_400_000), lastSeenAt: now }
    for (const name of ['web', 'control'])
      await db.processLife.upsert({ where: { name }, create: { name, ...life }, update: life })
  }

  test('fails: the backup fails, names it, frees the instance, and its leftovers are removed', async () => {
    const id = await firstDone()
    await claimBackup(scene.last, { id, attempt: 2 })
    await send(scene.last, 2, id, [failed])
    expect(await statesOf(id)).toBe('failed succeeded failed')
    expect((await rowOf(id)).problem).toMatchObject({ code: 'tar-failed', text: 'Worker “a-manager”: tar broke' })
    expect(await lockCount()).toBe(0)
    await cleanUpLeftovers(now)
    const prune = await db.prune.findFirstOrThrow({ where: { items: { some: { backupId: id } } } })
    expect(prune.workerId).toBe(scene.last.id)
  })

  test('fails first: the other has nothing to do', async () => {
    const { id } = await begun()
    await send(scene.first, 1, id, [failed])
    expect(await statesOf(id)).toBe('failed failed skipped')
    await expect(claimBackup(scene.last, { id, attempt: 2 })).rejects.toMatchObject({ code: 'not-claimable' })
  })

  test('says that it is done, but handed nothing over: the backup fails', async () => {
    const { id } = await begun()
    await send(scene.first, 1, id, [folder(), succeeded])
    expect(await rowOf(id)).toMatchObject({ state: 'failed', problem: { code: 'finished-without-share' } })
  })

  test('falls silent: lost, named; heard again in time it goes on, and the other has its turn', async () => {
    await listening()
    const { id } = await begun()
    await db.backupTask.updateMany({ where: { backupId: id, attempt: 1 }, data: { lastSeenAt: hourAgo } })
    await markLostBackups(now)
    expect(await statesOf(id)).toBe('lost lost queued')
    expect((await rowOf(id)).problem).toMatchObject({ text: expect.stringContaining(scene.first.slug) })
    await send(scene.first, 1, id, [folder()])
    expect(await statesOf(id)).toBe('running running queued')
    await takeContribution(scene.first, { run: runOf('backup', id), contribution: contributionOf(scene.first) })
    await send(scene.first, 1, id, [succeeded], 2)
    expect(await statesOf(id)).toBe('running succeeded queued')
  })

  test('says that it is done after a newer backup began: too late, and the newer one is left alone', async () => {
    await listening()
    const { id } = await begun()
    await send(scene.first, 1, id, [folder()])
    await takeContribution(scene.first, { run: runOf('backup', id), contribution: contributionOf(scene.first) })
    await db.backupTask.updateMany({ where: { backupId: id, attempt: 1 }, data: { lastSeenAt: hourAgo } })
    await markLostBackups(now)
    const newer = await begun()
    await send(scene.first, 1, id, [succeeded], 2)
    expect(await statesOf(id)).toBe('failed failed skipped')
    expect(await statesOf(newer.id)).toBe('running running queued')
    expect(await db.lock.count({ where: { ownerId: newer.id } })).toBe(1)
  })

  test('is not there when its turn comes: the backup fails and names it, but not before it had time', async () => {
    await listening()
    const id = await firstDone()
    await db.worker.update({ where: { id: scene.last.id }, data: { lastSeenAt: hourAgo } })
    const turn = { where: { backupId_attempt: { backupId: id, attempt: 1 } } }
    await db.backupTask.update({ ...turn, data: { finishedAt: now } })
    await markLostBackups(now)
    expect(await statesOf(id)).toBe('running succeeded queued')
    await db.backupTask.update({ ...turn, data: { finishedAt: hourAgo } })
    await markLostBackups(now)
    expect(await statesOf(id)).toBe('failed succeeded failed')
    expect((await rowOf(id)).problem).toMatchObject({
      code: 'worker-silent',
      text: expect.stringContaining('a-manager'),
    })
    expect(await lockCount()).toBe(0)
  })

  test('is revoked while the other works: the backup ends, and the other is told to stop', async () => {
    const { id } = await begun()
    await revokeWorker(control, scene.last.id)
    expect(await statesOf(id)).toBe('cancelled cancelled cancelled')
    expect((await rowOf(id)).problem).toMatchObject({ code: 'worker-revoked' })
    await expect(send(scene.first, 1, id, [folder()])).rejects.toMatchObject({ code: 'stale-attempt' })
  })
})

describe('cancel', () => {
  test('between two workers ends the backup at once, and takes the job away', async () => {
    const id = await firstDone()
    await cancelBackup(control, id)
    expect(await statesOf(id)).toBe('cancelled succeeded cancelled')
    expect([...queue.jobs].join()).not.toContain(`${id}-2`)
    expect(await lockCount()).toBe(0)
  })

  test('while the first works: the second never begins, even when the first was done already', async () => {
    const { id } = await begun()
    await send(scene.first, 1, id, [folder()])
    await takeContribution(scene.first, { run: runOf('backup', id), contribution: contributionOf(scene.first) })
    await cancelBackup(control, id)
    await send(scene.first, 1, id, [succeeded], 2)
    expect(await statesOf(id)).toBe('cancelled cancelled skipped')
  })
})

/**
 * Whatever arrives in whatever order, and however often: requests of both workers, cancel, silence. What is promised holds after
 * each of them.
 */
test('in every order of arrival nothing is good that is not whole, and the lock is held exactly while a backup runs', async () => {
  const steps = ['claim', 'send', 'send again', 'hand over', 'go', 'finish', 'fail'] as const
  const action = fc.oneof(
    { weight: 20, arbitrary: fc.record({ by: fc.constantFrom(1, 2), step: fc.constantFrom(...steps) }) },
    {
      weight: 1,
      arbitrary: fc.record({ by: fc.constant(0), step: fc.constantFrom('cancel' as const, 'lose' as const) }),
    },
  )
  /** what two workers do when nothing goes wrong, so that all depths are reached */
  const usual = [1, 2].flatMap((by) =>
    (['claim', 'send', by === 1 ? 'hand over' : 'go', 'finish'] as const).map((step) => ({ by, step })),
  )
  const story = fc.record({ strays: fc.array(fc.tuple(fc.nat(8), action), { maxLength: 10 }) })
  const reached = new Set<string>()
  await fc.assert(
    fc.asyncProperty(story, async ({ strays }) => {
      scene = await twoWorkers()
      const { backupId: id } = await requestBackup(control, scene.plan.id)
      const worlds = new World(id)
      const all: { by: number; step: string }[] = []
      for (let place = 0; place <= usual.length; place++) {
        all.push(...strays.filter(([at]) => at === place).map(([, stray]) => stray))
        const next = usual[place]
        if (next) all.push(next)
      }
      for (const { by, step } of all) {
        await worlds.act(by, step).catch((error: unknown) => {
          if (!(error instanceof Problem)) throw error
        })
        await expectPromises(id)
      }
      reached.add((await rowOf(id)).state)
    }),
    { numRuns: 20, seed: 7 },
  )
  expect(reached).toContain('succeeded')
  expect(reached).toContain('failed')
}, 120_000)

async function expectPromises(id: string): Promise<void> {
  const { state, tasks, goAt, artifacts, copies } = await rowOf(id)
  const [first, last] = tasks.map((task) => task.state)
  const isOpen = state === 'running' || state === 'queued'
  expect(await db.lock.count({ where: { ownerId: id } })).toBe(state === 'running' ? 1 : 0)
  if (last !== 'queued' && last !== 'skipped') expect(['succeeded', 'warning']).toContain(first)
  if (state === 'succeeded') expect([first, last, goAt !== null]).toEqual(['succeeded', 'succeeded', true])
  if (goAt) expect(first).toBe('succeeded')
  expect(copies[0]?.presence === 'present').toBe(state === 'succeeded')
  if (!isOpen && state !== 'lost')
    for (const task of tasks) expect(['queued', 'running', 'lost']).not.toContain(task.state)
  for (const { name, workerId } of artifacts)
    expect(workerId).toBe(name.startsWith('files') ? scene.first.id : scene.last.id)
  for (const { lastEventSequence } of tasks) expect(lastEventSequence).toBeLessThanOrEqual(4)
}

/** What the two workers and the surroundings do to one backup. */
class World {
  private spec: Parameters<typeof manifestOf>[0] | null = null
  constructor(private readonly id: string) {}

  async act(by: number, step: string): Promise<void> {
    const { id } = this
    const worker = by === 1 ? scene.first : scene.last
    const run = runOf('backup', id, by)
    const events =
      by === 1 ? [folder(), ...artifactEvents('files.tar.zst')] : [...artifactEvents('config-a.tar.zst'), summary]
    switch (step) {
      case 'claim': {
        const spec = await claimBackup(worker, { id, attempt: by })
        if (by === 2) this.spec = spec
        return
      }
      case 'send':
        return void (await send(worker, by, id, events))
      case 'send again':
        return void (await send(worker, by, id, events.slice(1), 2))
      case 'hand over':
        return takeContribution(worker, { run, contribution: contributionOf(worker) })
      case 'go':
        return void (this.spec && (await giveGo(worker, { run, manifest: wholeManifest(this.spec) })))
      case 'finish':
        return void (await send(worker, by, id, [succeeded], 4))
      case 'fail':
        return void (await send(worker, by, id, [failed], 4))
      case 'cancel':
        return cancelBackup(control, id)
      case 'lose': {
        const now = new Date('2027-01-01T12:00:00Z')
        const life = { upSince: new Date(0), lastSeenAt: now }
        for (const name of ['web', 'control'])
          await db.processLife.upsert({ where: { name }, create: { name, ...life }, update: life })
        await db.backupTask.updateMany({ where: { backupId: id, state: 'running' }, data: { lastSeenAt: new Date(0) } })
        return markLostBackups(now)
      }
    }
  }
}
