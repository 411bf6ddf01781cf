import { afterAll, beforeAll, expect, it } from 'vitest'
import { control } from '@/core/audit/actor'
import { startReceiver } from '@/scripts/servers/receiver'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { getPlanPing } from './get-plan-ping'
import { pauseMilliseconds } from './ping-rules'
import { savePing } from './save-ping'
import { sendPings } from './send-pings'

/** Promise: an address elsewhere hears of each run once, and of control each minute, so that silence is noticed there. */

process.env.ALERT_NETWORKS = '127.0.0.0/8'
let database: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

const start = new Date('2026-11-23T02:00:00Z')
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000)

it('tells of start, success and failure once each, with a body, and again when it was not taken', async () => {
  const { db } = database
  const { instance, plan, worker } = await createScene(db)
  let isWell = true
  const receiver = await startReceiver((_, response) => response.writeHead(isWell ? 200 : 500).end())
  await savePing(control, { planId: plan.id, url: `${receiver.url}/uuid` })
  const heard = () => receiver.received.splice(0).map(({ path, body }) => `${path} ${body.split(': ')[1]}`)
  await sendPings(start)
  expect(heard()).toEqual([])
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const run = await createBackup(db, facts, { state: 'running', startedAt: start })
  const look = async (minutes: number) => {
    await sendPings(after(minutes))
    await sendPings(after(minutes))
    return heard()
  }
  expect(await look(1)).toEqual(['/uuid/start running'])
  await db.backup.update({ where: { id: run.id }, data: { state: 'succeeded', finishedAt: after(2) } })
  expect(await look(2)).toEqual(['/uuid succeeded'])
  isWell = false
  const problem = { code: 'x', text: 'No route.' }
  await createBackup(db, facts, { state: 'failed', problem, startedAt: after(3), finishedAt: after(4) })
  expect(await look(4)).toEqual(['/uuid/fail failed. No route.'])
  isWell = true
  expect(await look(4.5)).toEqual([])
  expect(await look(5)).toEqual(['/uuid/fail failed. No route.'])
  expect(await look(6)).toEqual([])
  const attempts = (await getPlanPing(plan.id))?.attempts.map(({ path, isTaken }) => `${path} ${isTaken}`)
  expect(attempts).toEqual(['/fail true', '/fail false', ' true', '/start true'])
  await savePing(control, { planId: null, url: `${receiver.url}/control` })
  expect(await look(7)).toEqual(['/control undefined'])
  expect(await look(7.5)).toEqual([])
  expect(await look(8)).toEqual(['/control undefined'])
  // of control’s own, each minute, only what differs from the one before
  expect(await db.pingAttempt.count({ where: { ping: { planId: null } } })).toBe(1)
  await receiver.stop()
})

it('waits longer after each failure, and control never longer than a minute', () => {
  const pauses = (planId: string | null) =>
    [0, 1, 2, 3, 4, 5, 6, 5000].map((failures) => pauseMilliseconds({ planId, failures }) / 60_000)
  expect(pauses('plan')).toEqual([1, 1, 2, 4, 8, 15, 15, 15])
  expect(pauses(null)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
})

it('tries again with pauses, knows since when it fails, and keeps fifty attempts', async () => {
  const { db } = database
  await db.ping.deleteMany()
  const { instance, plan, worker } = await createScene(db)
  let isWell = false
  const receiver = await startReceiver((_, response) => response.writeHead(isWell ? 200 : 503).end())
  await savePing(control, { planId: plan.id, url: receiver.url })
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  await createBackup(db, facts, { state: 'failed', startedAt: start, finishedAt: start })
  for (let minutes = 0; minutes < 16; minutes++) await sendPings(after(minutes))
  // at 0, 1, 3, 7 and 15 minutes
  expect(receiver.received).toHaveLength(5)
  expect(await db.ping.findFirst()).toMatchObject({ failingSince: start, failures: 5 })
  for (let turn = 2; turn < 60; turn++) await sendPings(after(turn * 15))
  expect(await db.pingAttempt.count()).toBe(50)
  isWell = true
  await sendPings(after(60 * 15))
  expect(await db.ping.findFirst()).toMatchObject({ failingSince: null, failures: 0, told: expect.any(String) })
  await receiver.stop()
})
