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
import { previewDeletions } from './count-deletions'
import { createPlan } from './create-plan'
import { deletePlan } from './delete-plan'
import { getPlan } from './get-plan'
import { listPlans } from './list-plans'
import { pausePlan, resumePlan } from './pause-plan'
import { type PlanInput, planDefaults, planInputSchema } from './schema'
import { updatePlan } from './update-plan'

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
    remoteId: remote.id,
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
    expect(plan.nextRuns).toHaveLength(5)
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
    const wrong = { ...planDefaults, instanceId: '', slug: 'A', name: '', sourceIds: [], remoteId: '' }
    const result = planInputSchema.safeParse({ ...wrong, cron: '* * * * *', timeZone: 'Mars/Olympus', keepDays: '0' })
    const fields = result.error?.issues.map((issue) => issue.path[0])
    expect(new Set(fields)).toEqual(
      new Set(['instanceId', 'slug', 'name', 'sourceIds', 'remoteId', 'cron', 'timeZone', 'keepDays']),
    )
    expect(result.error?.issues.find((issue) => issue.path[0] === 'cron')?.message).toContain('every 15 minutes')
  })
})

describe('changing a plan', () => {
  it('asks before fewer days delete what is kept today, and never lets more go than was confirmed', async () => {
    const it = await scene()
    const { id, facts } = await planWithBackups(it, 10)
    const fewer = { ...it.input, keepDays: 4 }
    const count = await previewDeletions(id, 4)
    // of ages 1 to 10 days, those more than 4 days older than the newest
    expect(count).toBe(5)
    await expect(updatePlan(actor, id, fewer, { confirmedDeletions: count - 1 })).rejects.toMatchObject({
      code: 'confirm-fewer-days',
      message: expect.stringContaining(`${count} backups`),
    })
    // pinned backups stay, so they are not counted
    await createGoodBackup(db, facts, { finishedAt: new Date(Date.now() - 20 * day), pinnedAt: new Date() })
    await updatePlan(actor, id, fewer, { confirmedDeletions: count })
    expect((await getPlan(id)).settings.keepDays).toBe(4)
    expect(await previewDeletions(id, 30)).toBe(0)
  })

  it('counts a new schedule from now on, and keeps the old beginning where only the name changes', async () => {
    const { input } = await scene()
    const { id } = await createPlan(actor, input)
    const before = new Date('2026-01-01T00:00:00Z')
    await db.plan.update({ where: { id }, data: { scheduledFrom: before } })
    await updatePlan(actor, id, { ...input, name: 'Renamed' }, { confirmedDeletions: 0 })
    expect((await db.plan.findUniqueOrThrow({ where: { id } })).scheduledFrom).toEqual(before)
    await updatePlan(actor, id, { ...input, cron: '0 2 * * *' }, { confirmedDeletions: 0 })
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
