import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { claimBackup } from './claim-backup'
import { getBackup } from './get-backup'
import { getBackupComparison } from './get-backup-comparison'
import { getBackupParts } from './get-backup-parts'
import { getWarningGroups, getWarnings } from './get-backup-warnings'
import { requestBackup } from './request-backup'

let db: Db
let close: () => Promise<void>
let facts: Parameters<typeof createGoodBackup>[1]
let scene: Awaited<ReturnType<typeof createScene>>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
  openTestQueue()
})
afterAll(() => close())
beforeEach(async () => {
  scene = await createScene(db)
  facts = {
    ...{ instanceId: scene.instance.id, planId: scene.plan.id, planSlug: scene.plan.slug },
    ...{ workerId: scene.worker.id, remoteId: scene.remote.id },
  }
})

test('10,000 warnings come as groups with their numbers, and a page at a time', async () => {
  const { id: backupId } = await createGoodBackup(db, facts, { warningCount: 10_000 })
  const warning = (index: number) => ({
    ...{ backupId, code: index % 10 === 0 ? 'vanished' : 'changed', source: index % 20 === 0 ? null : 'homes' },
    ...{ text: `warning ${index}`, where: `srv/homes/${index}` },
  })
  await db.backupWarning.createMany({ data: Array.from({ length: 10_000 }, (_, index) => warning(index)) })
  const groups = await getWarningGroups(backupId)
  expect(groups.map(({ code, source, count, first }) => [code, source, count, first.length])).toEqual([
    ['changed', 'homes', 9000, 5],
    ['vanished', null, 500, 5],
    ['vanished', 'homes', 500, 5],
  ])
  let found = 0
  for (let after = 0, hasMore = true; hasMore; ) {
    const page = await getWarnings(backupId, { code: 'vanished', source: null, after })
    found += page.items.length
    after = page.items.at(-1)?.id ?? 0
    hasMore = page.hasMore
  }
  expect(found).toBe(500)
})

test('thousands of parts: the first come with the page, the others a page at a time', async () => {
  const { id: backupId } = await createGoodBackup(db, facts)
  const artifact = await db.artifact.create({
    data: { backupId, workerId: scene.worker.id, kind: 'files', name: 'files.tar.zst' },
  })
  const part = { artifactId: artifact.id, bytes: 1, rawBytes: 1, sha256: 'a'.repeat(64), checked: 'read back' }
  await db.part.createMany({ data: Array.from({ length: 3000 }, (_, number) => ({ ...part, number })) })
  const [shown] = (await getBackup(backupId)).artifacts
  expect(shown).toMatchObject({ partCount: 3000 })
  const last = shown?.parts.at(-1)?.number ?? 0
  const next = await getBackupParts(backupId, { artifact: 'files.tar.zst', after: last })
  expect(next.items[0]?.number).toBe(last + 1)
  expect(next.hasMore).toBe(true)
  expect(await getBackupParts(backupId, { artifact: 'files.tar.zst', after: 2999 })).toEqual({
    items: [],
    hasMore: false,
  })
})

test('promise: damaged facts in the catalogue take neither the page, nor the restore, nor the next backup away', async () => {
  await createGoodBackup(db, facts)
  const damaged = await createGoodBackup(db, facts, { summary: { bytes: 'many' }, problem: 'x', throughput: [1] })
  expect(await getBackup(damaged.id)).toMatchObject({ summary: null, isSummaryUnreadable: true, restorable: true })
  expect((await getBackupComparison(damaged.id))?.changes).toMatchObject({ documents: { now: null }, namespaces: [] })
  const { backupId } = await requestBackup(control, scene.plan.id)
  expect(await claimBackup(scene.worker, { id: backupId, attempt: 1 })).toMatchObject({ baseline: null })
})

test('is compared with the good one before it, not with one that failed, nor one of another plan', async () => {
  expect(await getBackupComparison((await createGoodBackup(db, facts)).id)).toBeNull()
  const before = await createGoodBackup(db, facts, { bytes: 10 })
  await createGoodBackup(db, facts, { state: 'failed', bytes: 1 })
  await createGoodBackup(db, { ...facts, planId: null, planSlug: 'other' }, { bytes: 2 })
  const comparison = await getBackupComparison((await createGoodBackup(db, facts, { bytes: 30 })).id)
  expect(comparison?.previous.id).toBe(before.id)
  expect(comparison?.changes.bytes).toMatchObject({ before: 10, now: 30 })
})
