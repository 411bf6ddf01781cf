import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import {
  createGoodBackup,
  createInstance,
  createPlan,
  createRemote,
  createSource,
  createWorker,
} from '@/scripts/test-rows'
import { getRemoteCost } from './get-cost'

let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())

const words = { bytes: String, count: String }

it('the cost is known by what the sources measured, and then by the backups themselves', async () => {
  const instance = await createInstance(db)
  const worker = await createWorker(db, instance.id)
  const source = await createSource(db, instance.id, worker.id)
  const remote = await createRemote(db)
  expect(await getRemoteCost(remote.id, words)).toBeNull()
  const plan = await createPlan(db, {
    instanceId: instance.id,
    sourceIds: [source.id],
    remoteId: remote.id,
    keepDays: 7,
  })
  expect((await getRemoteCost(remote.id, words))?.plans).toMatchObject([{ bytesEach: null, runsPerMonth: 30 }])
  await db.source.update({ where: { id: source.id }, data: { sizeBytes: 5000 } })
  const before = await getRemoteCost(remote.id, words)
  expect(before).toMatchObject({ plans: [{ bytesEach: 5000, isEstimate: true }], bytesPerMonth: 150_000 })
  expect((before?.keptBytes ?? 0) / 5000).toBeGreaterThanOrEqual(7)
  expect((before?.keptBytes ?? 0) / 5000).toBeLessThanOrEqual(9)
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  await createGoodBackup(db, facts, { bytes: 1000n })
  expect(await getRemoteCost(remote.id, words)).toMatchObject({
    ...{ plans: [{ bytesEach: 1000, isEstimate: false }], bytesPerMonth: 30_000 },
  })
})
