import { expect, test } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup, createWorker } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { getWorkerActivity } from './get-worker-activity'

test('a worker shows what it has in hand and what failed last, newest first, and nothing of another worker', async () => {
  const { db, close } = await openTestDatabase()
  const { instance, worker, plan, remote } = await createScene(db)
  const other = await createWorker(db, instance.id)
  const of = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug }
  const problem = { code: 'tar-failed', text: 'tar failed.' }
  const at = (day: number) => new Date(Date.UTC(2027, 0, day))
  const fail = (day: number, workerId = worker.id) =>
    createBackup(db, { ...of, workerId }, { state: 'failed', startedAt: at(day), finishedAt: at(day), problem })
  for (let day = 1; day <= 6; day++) await fail(day)
  await fail(7, other.id)
  await createBackup(db, { ...of, workerId: worker.id }, { state: 'running', startedAt: at(8) })
  await db.prune.create({
    data: {
      ...{ instanceId: instance.id, workerId: worker.id, remoteId: remote.id, state: 'lost' },
      ...{ startedAt: at(9), finishedAt: at(9) },
    },
  })
  const { current, failures } = await getWorkerActivity(worker.id)
  expect(current).toMatchObject([{ kind: 'backup', subject: plan.slug, state: 'running' }])
  expect(failures.map(({ kind, finishedAt }) => [kind, finishedAt?.getUTCDate()])).toEqual([
    ['deletion', 9],
    ['backup', 6],
    ['backup', 5],
    ['backup', 4],
    ['backup', 3],
  ])
  expect(failures[1]?.problem).toEqual(problem)
  await close()
})
