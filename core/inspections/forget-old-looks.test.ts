import { expect, it } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createScene } from '@/scripts/test-scene'
import { forgetOldLooks } from './forget-old-looks'

it('keeps the newest 200 looks of each instance and remote, and the newest of each kind that came to its end', async () => {
  const { db, close } = await openTestDatabase()
  const [scene, other] = [await createScene(db), await createScene(db)]
  const look = ({ instance, worker, remote }: typeof scene, hour: number, state: 'succeeded' | 'failed') => {
    const at = new Date(Date.UTC(2027, 0, 1, hour))
    const place = { instanceId: instance.id, workerId: worker.id, remoteId: remote.id }
    return { ...place, kind: 'listing' as const, state, requestedAt: at, finishedAt: at }
  }
  const early = [look(scene, 0, 'succeeded'), look(scene, 1, 'succeeded')]
  const failed = Array.from({ length: 210 }, (_, hour) => look(scene, hour + 2, 'failed'))
  await db.inspection.createMany({ data: [...early, ...failed, look(other, 0, 'failed')] })
  await forgetOldLooks()
  const left = await db.inspection.findMany({
    where: { instanceId: scene.instance.id },
    orderBy: { requestedAt: 'asc' },
  })
  expect(left).toHaveLength(201)
  expect(left[0]).toMatchObject({ state: 'succeeded', requestedAt: early[1]?.requestedAt })
  expect(left[1]?.requestedAt).toEqual(failed[10]?.requestedAt)
  expect(await db.inspection.count({ where: { instanceId: other.instance.id } })).toBe(1)
  await close()
})
