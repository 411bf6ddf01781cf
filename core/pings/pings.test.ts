import { afterAll, beforeAll, expect, it } from 'vitest'
import { control } from '@/core/audit/actor'
import { startReceiver } from '@/scripts/servers/receiver'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
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
  await savePing(control, { planId: null, url: `${receiver.url}/control` })
  expect(await look(7)).toEqual(['/control undefined'])
  expect(await look(7.5)).toEqual([])
  expect(await look(8)).toEqual(['/control undefined'])
  await receiver.stop()
})
