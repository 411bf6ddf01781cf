import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appendRunLog } from '@/core/workers/run-log'
import type { Db } from '@/lib/db'
import { openTestDatabase } from '@/scripts/test-database'
import {
  createBackup,
  createGoodBackup,
  createInstance,
  createPlan,
  createRemote,
  createSource,
  createWorker,
} from '@/scripts/test-rows'
import { getBackup } from './get-backup'
import { getBackupLive } from './get-backup-live'
import { backupsPerPage, listBackups } from './list-backups'

let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  ;({ db, close } = await openTestDatabase())
})
afterAll(() => close())

async function scene() {
  const instance = await createInstance(db)
  const worker = await createWorker(db, instance.id)
  const source = await createSource(db, instance.id, worker.id)
  const remote = await createRemote(db)
  const plan = await createPlan(db, { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id })
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  return { instance, facts }
}

describe('the list of backups', () => {
  it('filters by instance and state, pages on the server, and never gives an empty page of a full list', async () => {
    const { instance, facts } = await scene()
    for (let count = 0; count < backupsPerPage; count++) await createGoodBackup(db, facts)
    const failed = await createBackup(db, facts, { state: 'failed' })
    const first = await listBackups({ instance: instance.slug, page: 1 })
    expect(first).toMatchObject({ total: backupsPerPage + 1, page: 1, pages: 2 })
    expect(first.items[0]).toMatchObject({ id: failed.id, presences: [] })
    expect((await listBackups({ instance: instance.slug, page: 99 })).items).toHaveLength(1)
    expect((await listBackups({ instance: instance.slug, state: 'failed', page: 1 })).items).toHaveLength(1)
    expect((await listBackups({ instance: 'nobody', page: 1 })).total).toBe(0)
  })
})

describe('one backup', () => {
  it('is restorable only with its manifest and while a remote has it', async () => {
    const { facts } = await scene()
    const good = await createGoodBackup(db, facts)
    expect((await getBackup(good.id)).restorable).toBe(true)
    await db.copy.updateMany({ where: { backupId: good.id }, data: { presence: 'pruned' } })
    expect((await getBackup(good.id)).restorable).toBe(false)
    const failed = await createBackup(db, facts, { state: 'failed' })
    expect((await getBackup(failed.id)).restorable).toBe(false)
    await expect(getBackup('nobody')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('tells live the log lines after those that are known, each once', async () => {
    const { facts } = await scene()
    const { id } = await createBackup(db, facts, {
      state: 'running',
      phases: { create: [{ phase: 'files', state: 'started', startedAt: new Date() }] },
    })
    const at = new Date().toISOString()
    const events = [1, 2, 3].map((sequence) => ({
      sequence,
      at,
      body: { type: 'log' as const, level: 'info' as const, text: `line ${sequence}` },
    }))
    appendRunLog({ name: 'backup', id, attempt: 1 }, events)
    const first = await getBackupLive(id)
    expect(first).toMatchObject({ state: 'running', isLogCut: false, phases: [{ phase: 'files', state: 'started' }] })
    expect(first.lines.map((line) => line.text)).toEqual(['line 1', 'line 2', 'line 3'])
    expect((await getBackupLive(id, { attempt: 1, sequence: 2 })).lines.map((line) => line.text)).toEqual(['line 3'])
  })
})
