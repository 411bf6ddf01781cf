import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Db } from '@/lib/db'
import { createBoxConnection, createBoxScene } from '@/scripts/test-connection'
import { openTestDatabase } from '@/scripts/test-database'
import { getRoom } from './get-room'
import { measureRoom } from './measure-room'

/** Promise: how full an account is, is kept once a day and for sixty days, and one that does not answer is asked again. */

let db: Db
let close: () => Promise<void>
const fake = await vi.hoisted(async () => {
  const { startFakeProviders } = await import('@/e2e/fake-providers/start')
  const started = await startFakeProviders()
  Object.assign(process.env, started.environment)
  return started
})
const day = 86_400_000
const start = new Date('2026-11-20T12:00:00Z')
const asked = () => fake.control.countCalls({ host: 'api.box.com', path: '/2.0/users/me' })

beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(async () => {
  await close()
  await fake.stop()
})

it('asks once a day, keeps a row a day, forgets the oldest, and outlives a day without an answer', async () => {
  const { id } = await createBoxConnection(db, fake.control)
  const unused = await createBoxConnection(db, fake.control)
  await createBoxScene(db, id)
  fake.control.forgetCalls()
  await measureRoom(start)
  await measureRoom(new Date(start.getTime() + 3_600_000))
  expect(asked()).toBe(1)
  expect(await db.roomSample.findMany()).toMatchObject([{ connectionId: id, day: '2026-11-20', at: start }])
  expect(await getRoom(id, start)).toMatchObject({ forecast: null })
  await db.connection.update({ where: { id }, data: { state: 'reconnectNeeded' } })
  await measureRoom(new Date(start.getTime() + day))
  await db.connection.update({ where: { id }, data: { state: 'connected' } })
  for (let days = 2; days <= 61; days++) await measureRoom(new Date(start.getTime() + days * day))
  const kept = await db.roomSample.findMany({ orderBy: { day: 'asc' } })
  expect(kept).toHaveLength(60)
  expect(kept[0]?.day).toBe('2026-11-22')
  expect(await db.roomSample.count({ where: { connectionId: unused.id } })).toBe(0)
})
