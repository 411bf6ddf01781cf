import { expect, it } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup, createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { forgetOldWarnings } from './forget-old-warnings'

it('keeps the warnings of what is there, and of the rest for 90 days', async () => {
  const { db, close } = await openTestDatabase()
  const { instance, plan, worker, remote } = await createScene(db)
  const now = new Date('2027-06-01T00:00:00Z')
  const finishedAt = (days: number) => ({ finishedAt: new Date(now.getTime() - days * 86_400_000) })
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const there = await createGoodBackup(db, { ...facts, remoteId: remote.id }, finishedAt(1000))
  const old = await createBackup(db, facts, { state: 'failed', ...finishedAt(91) })
  const recent = await createBackup(db, facts, { state: 'failed', ...finishedAt(89) })
  for (const { id } of [there, old, recent])
    await db.backupWarning.create({ data: { backupId: id, code: 'changed', text: 'it changed' } })
  await forgetOldWarnings(now)
  const left = (await db.backupWarning.findMany()).map(({ backupId }) => backupId)
  expect(new Set(left)).toEqual(new Set([there.id, recent.id]))
  await close()
})
