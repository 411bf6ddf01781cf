import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup, createGoodBackup, createRemote } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { findRunOfDay } from './find-run-of-day'
import { getInstanceHealth, listOverview } from './list-overview'

/** Promise: what the overview says is in the rows; a safety net, a pruned or an unsigned backup never counts as the last good one. */

const now = new Date('2026-11-23T18:00:00Z')
const at = (text: string) => new Date(`2026-11-${text}:00Z`)

let database: Awaited<ReturnType<typeof openTestDatabase>>
let scene: Awaited<ReturnType<typeof createScene>>
beforeAll(async () => {
  database = await openTestDatabase()
  scene = await createScene(database.db)
  const { plan, worker } = scene
  await database.db.plan.update({ where: { id: plan.id }, data: { scheduledFrom: at('01T00:00') } })
  await database.db.worker.update({ where: { id: worker.id }, data: { lastSeenAt: now } })
})
afterAll(() => database.close())

const facts = () => {
  const { instance, plan, worker, remote } = scene
  return { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id, remoteId: remote.id }
}
const times = (text: string) => ({
  ...{ plannedAt: at(text), requestedAt: at(text), startedAt: at(text), finishedAt: at(text), bytes: 1000 },
})

it('finds the newest good backup behind those that do not count, its strip, sizes and bytes', async () => {
  const { db } = database
  const good = await createGoodBackup(db, facts(), times('23T08:00'))
  await createGoodBackup(db, facts(), { ...times('23T09:00'), kind: 'safety', plannedAt: null })
  await createGoodBackup(db, facts(), { ...times('23T10:00'), manifestSha256: null })
  const pruned = { create: [{ remoteId: scene.remote.id, presence: 'pruned' as const }] }
  await createGoodBackup(db, facts(), { ...times('23T11:00'), copies: pruned })
  const { instances, steps } = await listOverview(now)
  expect(instances[0]).toMatchObject({
    state: 'protected',
    health: { newestGood: { id: good.id }, isNeverDrilled: true },
  })
  expect(instances[0]?.plans[0]?.strip.days.slice(-2)).toEqual(['missed', 'good'])
  expect(instances[0]?.plans[0]?.bytesOnRemote).toBeGreaterThanOrEqual(1000)
  expect(steps).toMatchObject({ instance: true, worker: true, source: true, remote: true, plan: true, backup: true })
})

it('sees short content, a copy that went missing, and a run under way', async () => {
  const { db } = database
  const good = await createGoodBackup(db, facts(), times('23T12:00'))
  await db.backupWarning.create({ data: { backupId: good.id, code: 'file-shrank', text: 'It became shorter.' } })
  const missing = { create: [{ remoteId: scene.remote.id, presence: 'missing' as const }] }
  await createGoodBackup(db, facts(), { ...times('22T08:00'), copies: missing })
  await createBackup(db, facts(), { state: 'running', startedAt: at('23T17:00'), requestedAt: at('23T17:00') })
  const health = await getInstanceHealth(scene.instance.id, now)
  expect(health?.state).toBe('at risk')
  const texts = health?.findings.map(({ text }) => text).join(' ')
  expect(texts).toMatch(/one file shrank/)
  expect(texts).toMatch(/A backup of .* is missing on the remote/)
})

it('marks the days of the strip on which an incident of the plan opened', async () => {
  const { db } = database
  const incident = (subject: string, openedAt: Date) =>
    db.incident.create({
      data: {
        ...{ kind: 'backup-failed', subject, severity: 'critical', openedAt, changedAt: openedAt },
        ...{ title: 'x', text: 'x', meaning: 'x', action: 'x', href: '/' },
      },
    })
  await incident(`plan:${scene.plan.id}`, at('22T09:00'))
  await incident(`plan:${scene.plan.id}`, new Date('2026-08-01T00:00:00Z'))
  await incident('plan:another', at('20T09:00'))
  const { instances } = await listOverview(now)
  const plan = instances.flatMap(({ plans }) => plans).find(({ id }) => id === scene.plan.id)
  expect(plan?.marks).toHaveLength(30)
  expect(plan?.marks.flatMap((isMarked, index) => (isMarked ? index : []))).toEqual([28])
})

it('leads from a day to the run that tells most of it', async () => {
  const { db } = database
  const failed = await createBackup(db, facts(), { ...times('21T08:00'), state: 'failed' })
  await createGoodBackup(db, facts(), times('21T12:00'))
  expect(await findRunOfDay(scene.plan.id, '2026-11-21')).toMatchObject({ id: failed.id })
  expect(await findRunOfDay(scene.plan.id, '2026-11-02')).toBeNull()
})

it('sees how far a second copy follows, and since when it does not', async () => {
  const { db } = database
  const own = await createScene(db)
  const { instance, plan, worker, remote } = own
  await db.plan.update({ where: { id: plan.id }, data: { cron: '0 * * * *', scheduledFrom: at('23T17:30') } })
  await db.worker.update({ where: { id: worker.id }, data: { lastSeenAt: now } })
  const second = await createRemote(db, { name: 'Tape' })
  const target = await db.planTarget.create({
    data: { planId: plan.id, remoteId: second.id, position: 1, addedAt: at('23T01:00'), copiesFrom: 0 },
  })
  const place = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const onBoth = {
    create: [remote, second].map(({ id }) => ({
      remoteId: id,
      presence: 'present' as const,
      verifiedAt: at('23T11:00'),
    })),
  }
  await createGoodBackup(db, { ...place, remoteId: remote.id }, { ...times('23T10:00'), copies: onBoth })
  const textsOf = async () => (await getInstanceHealth(instance.id, now))?.findings.map(({ text }) => text)
  expect(await textsOf()).toEqual([])
  await createGoodBackup(db, { ...place, remoteId: remote.id }, times('23T12:00'))
  await createGoodBackup(db, { ...place, remoteId: remote.id }, times('23T17:00'))
  expect(await textsOf()).toEqual([expect.stringContaining('on “Tape” is behind since 23 Nov 12:00 UTC.')])
  await db.planTarget.update({ where: { id: target.id }, data: { addedAt: at('23T17:00') } })
  expect(await textsOf()).toEqual([])
})
