import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import {
  createBackup,
  createGoodBackup,
  createInstance,
  createRemote,
  createSource,
  createWorker,
} from '@/scripts/test-rows'
import { createPlan } from './create-plan'
import { deletePlan } from './delete-plan'
import { getPlan } from './get-plan'
import { listPlans } from './list-plans'
import { pausePlan, resumePlan } from './pause-plan'
import { type PlanInput, planDefaults, planInputSchema, targetDefaults } from './schema'
import { simulateRetention } from './simulate-retention'
import { type PlanEdit, updatePlan } from './update-plan'

const actor: Actor = { kind: 'user', id: null, name: 'Ada', role: 'admin' }
const day = 86_400_000
let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())

/** An instance with a worker, a source and a remote, and the input of a plan over them. */
async function scene() {
  const instance = await createInstance(db)
  const worker = await createWorker(db, instance.id)
  const source = await createSource(db, instance.id, worker.id)
  const remote = await createRemote(db)
  const input: PlanInput = {
    ...planDefaults,
    instanceId: instance.id,
    slug: 'nightly',
    name: 'Nightly',
    sourceIds: [source.id],
    targets: [{ ...targetDefaults, remoteId: remote.id }],
  }
  return { instance, worker, source, remote, input }
}

type Scene = Awaited<ReturnType<typeof scene>>

/** A plan with good backups of the last `days` days, one a day. */
async function planWithBackups({ input, instance, worker, remote }: Scene, days: number) {
  const { id } = await createPlan(actor, input)
  const facts = { instanceId: instance.id, planId: id, planSlug: 'nightly', workerId: worker.id, remoteId: remote.id }
  const now = Date.now()
  for (let age = days; age > 0; age--)
    await createGoodBackup(db, facts, { finishedAt: new Date(now - age * day), bytes: 10n })
  return { id, facts }
}

describe('a plan', () => {
  it('is made with its sources, target and limits, and comes back as it was entered', async () => {
    const { input, instance } = await scene()
    const { id } = await createPlan(actor, { ...input, mebibytesPerSecond: 5, partMebibytes: 64 })
    const plan = await getPlan(id)
    const { instanceId: _instance, slug: _slug, ...settings } = input
    expect(plan.settings).toEqual({ ...settings, mebibytesPerSecond: 5, partMebibytes: 64 })
    expect(plan.nextRuns).toHaveLength(10)
    expect(await db.auditEvent.count({ where: { action: 'plan.create', subjectId: id } })).toBe(1)
    expect(await listPlans({ instanceId: instance.id })).toMatchObject([
      { id, words: 'At 00:00, every day', lastGoodAt: null },
    ])
  })

  it('takes sources of several workers; is refused a slug that is taken, a stranger’s source, one of a revoked worker', async () => {
    const { input, instance } = await scene()
    await createPlan(actor, input)
    await expect(createPlan(actor, input)).rejects.toMatchObject({ code: 'slug-taken', where: 'slug' })
    const stranger = await scene()
    const other = { ...input, slug: 'other' }
    await expect(createPlan(actor, { ...other, sourceIds: stranger.input.sourceIds })).rejects.toMatchObject({
      code: 'unknown-source',
    })
    const manager = await createWorker(db, instance.id)
    const config = await createSource(db, instance.id, manager.id)
    const both = { ...other, sourceIds: [...input.sourceIds, config.id] }
    await createPlan(actor, both)
    await db.worker.update({ where: { id: manager.id }, data: { state: 'revoked' } })
    await expect(createPlan(actor, { ...both, slug: 'third' })).rejects.toMatchObject({ code: 'worker-revoked' })
  })

  it('takes no wrong cron, zone or number of days, and says so at the field', () => {
    const targets = [{ ...targetDefaults, remoteId: '', keepDays: '-1' }]
    const wrong = { ...planDefaults, instanceId: '', slug: 'A', name: '', sourceIds: [], targets }
    const result = planInputSchema.safeParse({ ...wrong, cron: '* * * * *', timeZone: 'Mars/Olympus' })
    const fields = result.error?.issues.map((issue) => issue.path.join('.'))
    expect(new Set(fields)).toEqual(
      new Set([
        ...['instanceId', 'slug', 'name', 'sourceIds', 'cron', 'timeZone'],
        ...['targets.0.remoteId', 'targets.0.keepDays'],
      ]),
    )
    expect(result.error?.issues.find((issue) => issue.path[0] === 'cron')?.message).toContain('every 15 minutes')
  })
})

/** As one tab sends it that loaded the plan just now. */
async function edit(id: string, changes: Partial<PlanEdit['settings']>, rest: Partial<PlanEdit> = {}) {
  const { settings: loaded, version } = await getPlan(id)
  const settings = { ...loaded, ...changes }
  return updatePlan(actor, id, { settings, loaded, version, merge: false, confirmedDeletions: 0, ...rest })
}

describe('changing a plan', () => {
  it('asks before less is kept than today, and never lets more go than was confirmed', async () => {
    const { id } = await planWithBackups(await scene(), 10)
    const { settings } = await getPlan(id)
    const rule = { ...targetDefaults, keepDays: 4 }
    const [target] = settings.targets
    const change = { ...settings, remoteId: target?.remoteId ?? '', rule }
    const fewer = { targets: [{ ...change, ...rule }] }
    const oldest = await db.backup.findFirstOrThrow({ where: { planId: id }, orderBy: { sequence: 'asc' } })
    await db.backup.update({ where: { id: oldest.id }, data: { pinnedAt: new Date() } })
    const { newDeletions, backups } = await simulateRetention(id, change)
    // of ages 1 to 10 days, those more than 4 days older than the newest, but for the pinned one
    expect(newDeletions).toBe(4)
    expect(backups.filter(({ reasons }) => reasons.length === 0)).toHaveLength(4)
    expect(backups.find(({ reasons }) => reasons.includes('pinned'))).toBeDefined()
    await expect(edit(id, fewer, { confirmedDeletions: 3 })).rejects.toMatchObject({
      code: 'confirm-deletions',
      message: expect.stringContaining('4 backups'),
    })
    await edit(id, fewer, { confirmedDeletions: 4 })
    expect((await getPlan(id)).settings.targets).toMatchObject([{ keepDays: 4 }])
    expect((await simulateRetention(id, { ...change, rule: { ...targetDefaults, keepDays: 30 } })).newDeletions).toBe(0)
  })

  it('on another remote where backups of it lie counts those, as nothing deleted them so far', async () => {
    const first = await scene()
    const { id, facts } = await planWithBackups(first, 1)
    const other = await createRemote(db)
    for (const age of [60, 50, 40, 2, 1, 0])
      await createGoodBackup(db, { ...facts, remoteId: other.id }, { startedAt: new Date(Date.now() - age * day) })
    await expect(edit(id, { targets: [{ ...targetDefaults, remoteId: other.id }] })).rejects.toMatchObject({
      code: 'confirm-deletions',
      message: expect.stringContaining('3 backups'),
    })
  })

  it('in two tabs: the later save is told what changed meanwhile, and then loses neither', async () => {
    const { input } = await scene()
    const { id } = await createPlan(actor, input)
    const { settings: loaded, version } = await getPlan(id)
    const bea: Actor = { ...actor, name: 'Bea' }
    const save = (by: Actor, changes: Partial<PlanEdit['settings']>, seen = version, merge = false) => {
      const settings = { ...loaded, ...changes }
      return updatePlan(by, id, { settings, loaded, version: seen, merge, confirmedDeletions: 0 })
    }
    expect(await save(bea, { name: 'Of Bea', cron: '0 4 * * *' })).toBeNull()
    const conflict = await save(actor, { name: 'Of Ada', zstdLevel: 9 })
    expect(conflict).toMatchObject({
      by: 'Bea',
      changes: [
        { field: 'name', before: 'Nightly', now: 'Of Bea', clashes: true },
        { field: 'cron', before: '0 0 * * *', now: '0 4 * * *', clashes: false },
      ],
    })
    expect((await getPlan(id)).settings).toMatchObject({ name: 'Of Bea', zstdLevel: 3 })
    expect(await save(actor, { name: 'Of Ada', zstdLevel: 9 }, conflict?.version, true)).toBeNull()
    expect((await getPlan(id)).settings).toMatchObject({ name: 'Of Ada', cron: '0 4 * * *', zstdLevel: 9 })
    // a third save of the first tab is told again
    expect(await save(actor, { zstdLevel: 10 }, conflict?.version, true)).not.toBeNull()
  })

  it('counts a new schedule from now on, and keeps the old beginning where only the name changes', async () => {
    const { input } = await scene()
    const { id } = await createPlan(actor, input)
    const before = new Date('2026-01-01T00:00:00Z')
    await db.plan.update({ where: { id }, data: { scheduledFrom: before } })
    await edit(id, { name: 'Renamed' })
    expect((await db.plan.findUniqueOrThrow({ where: { id } })).scheduledFrom).toEqual(before)
    await edit(id, { cron: '0 2 * * *' })
    expect((await db.plan.findUniqueOrThrow({ where: { id } })).scheduledFrom > before).toBe(true)
  })

  it('catches nothing up after a pause', async () => {
    const { input } = await scene()
    const { id } = await createPlan(actor, input)
    await pausePlan(actor, id)
    expect(await getPlan(id)).toMatchObject({ paused: true, nextRuns: [] })
    const before = new Date('2026-01-01T00:00:00Z')
    await db.plan.update({ where: { id }, data: { scheduledFrom: before } })
    await resumePlan(actor, id)
    expect((await db.plan.findUniqueOrThrow({ where: { id } })).scheduledFrom > before).toBe(true)
  })
})

it('a plan whose worker was revoked, or that lost its remote, says so with the way out, and is still shown', async () => {
  const { input, instance, worker } = await scene()
  const { id } = await createPlan(actor, input)
  expect((await getPlan(id)).faults).toEqual([])
  await db.worker.update({ where: { id: worker.id }, data: { state: 'revoked' } })
  await db.planTarget.deleteMany({ where: { planId: id } })
  const { faults } = await getPlan(id)
  expect(faults.map(({ href }) => href)).toEqual([`/plans/${id}/edit`, `/instances/${instance.slug}/workers/new`])
  expect((await listPlans({ instanceId: instance.id }))[0]).toMatchObject({ faults, keeps: '' })
})

describe('deleting a plan', () => {
  it('keeps its backups, restorable, under its slug', async () => {
    const { id, facts } = await planWithBackups(await scene(), 2)
    await deletePlan(actor, id)
    const kept = await db.backup.findMany({ where: { instanceId: facts.instanceId }, include: { copies: true } })
    expect(kept).toMatchObject([
      { planId: null, planSlug: 'nightly', copies: [{ presence: 'present' }] },
      { planId: null, planSlug: 'nightly', copies: [{ presence: 'present' }] },
    ])
  })

  it('is refused while one of its backups runs', async () => {
    const { id, facts } = await planWithBackups(await scene(), 1)
    await createBackup(db, facts, { state: 'running' })
    await expect(deletePlan(actor, id)).rejects.toMatchObject({ code: 'plan-busy' })
  })
})

describe('a plan with several remotes', () => {
  const targetsOf = (planId: string) => db.planTarget.findMany({ where: { planId }, orderBy: { position: 'asc' } })

  it('keeps each its own retention and order; one that stays keeps the time since when it is there', async () => {
    const made = await scene()
    const { id } = await planWithBackups(made, 3)
    const newest = await db.backup.findFirstOrThrow({ where: { planId: id }, orderBy: { sequence: 'desc' } })
    const [second, third] = [await createRemote(db), await createRemote(db)]
    const first = { ...targetDefaults, remoteId: made.remote.id }
    const onlyNew = { ...targetDefaults, remoteId: second.id, keepDays: 5 }
    const all = { ...targetDefaults, remoteId: third.id, keepDays: 0, keepMonthly: 12, copyEarlier: true }
    await edit(id, { targets: [first, onlyNew, all] })
    expect((await getPlan(id)).settings.targets).toEqual([first, onlyNew, all])
    const before = await targetsOf(id)
    expect(before.map(({ copiesFrom }) => copiesFrom)).toEqual([0, newest.sequence, null])
    await edit(id, { targets: [all, first] })
    const after = await targetsOf(id)
    expect(after.map(({ remoteId }) => remoteId)).toEqual([third.id, made.remote.id])
    expect(after.map(({ id: row, addedAt }) => [row, addedAt])).toEqual(
      [before[2], before[0]].map((row) => [row?.id, row?.addedAt]),
    )
    expect((await listPlans({ instanceId: made.instance.id }))[0]?.remotes).toEqual([third.name, made.remote.name])
  })

  it('refuses a remote that is there twice, under one name or two', async () => {
    const { input, remote } = await scene()
    const target = { ...targetDefaults, remoteId: remote.id }
    const twice = planInputSchema.safeParse({ ...input, targets: [target, target] })
    expect(twice.error?.issues[0]?.path.join('.')).toBe('targets.1.remoteId')
    const twin = await createRemote(db, { baseFolder: remote.baseFolder })
    await expect(
      createPlan(actor, { ...input, targets: [target, { ...target, remoteId: twin.id }] }),
    ).rejects.toMatchObject({ code: 'same-place', where: 'targets' })
  })

  it('counts what a change deletes on all of them, and tells another tab of another order', async () => {
    const made = await scene()
    const { id, facts } = await planWithBackups(made, 10)
    const second = await createRemote(db)
    for (let age = 8; age > 0; age--)
      await createGoodBackup(db, { ...facts, remoteId: second.id }, { startedAt: new Date(Date.now() - age * day) })
    const target = (remoteId: string, keepDays: number) => ({ ...targetDefaults, remoteId, keepDays })
    await edit(id, { targets: [target(made.remote.id, 30), target(second.id, 30)] })
    const { settings: loaded, version } = await getPlan(id)
    await expect(
      edit(id, { targets: [target(made.remote.id, 4), target(second.id, 4)] }, { confirmedDeletions: 8 }),
    ).rejects.toMatchObject({ code: 'confirm-deletions', message: expect.stringContaining('deletes 9 backups') })
    await edit(id, { targets: loaded.targets.toReversed() })
    const conflict = await updatePlan(actor, id, {
      ...{ settings: loaded, loaded, version, merge: false, confirmedDeletions: 0 },
    })
    expect(conflict?.changes).toMatchObject([{ field: 'targets', clashes: false }])
  })
})
