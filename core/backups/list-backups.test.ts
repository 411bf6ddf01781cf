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
import type { BackupFilter } from './backup-filter'
import { countByDay } from './count-by-day'
import { exportBackups } from './export-backups'
import { getBackup } from './get-backup'
import { getBackupLive } from './get-backup-live'
import { backupsPerPage, listBackups } from './list-backups'
import type { BackupOrder } from './sort-rules'

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
    const first = await listBackups({ instance: instance.slug })
    expect(first).toMatchObject({ total: backupsPerPage + 1, page: 1, pages: 2 })
    expect(first.items[0]).toMatchObject({ id: failed.id, copies: [] })
    expect((await listBackups({ instance: instance.slug }, { page: 99 })).items).toHaveLength(1)
    expect((await listBackups({ instance: instance.slug, state: 'failed' })).items).toHaveLength(1)
    expect((await listBackups({ instance: 'nobody' })).total).toBe(0)
  })

  it('filters by each fact alone and by all together, and an export has exactly what the list has', async () => {
    const { instance, facts } = await scene()
    await db.instance.update({ where: { id: instance.id }, data: { environment: 'production', name: 'Größe 100 %' } })
    const wanted = await createGoodBackup(db, facts, {
      requestedAt: new Date('2027-03-02T08:00:00Z'),
      pinnedAt: new Date(),
      pinReason: 'Before the upgrade',
    })
    const ended = { pinnedAt: new Date(), pinnedUntil: new Date('2026-01-01T00:00:00Z') }
    await createGoodBackup(db, facts, { requestedAt: new Date('2027-03-01T08:00:00Z'), ...ended })
    const failed = await createBackup(db, facts, {
      state: 'failed',
      requestedAt: new Date('2027-03-03T08:00:00Z'),
      problem: { code: 'not-mounted', text: '/mnt/homes is not mounted.' },
    })
    await db.copy.updateMany({ where: { backupId: wanted.id }, data: { verification: 'drilled' } })
    const second = await createRemote(db)
    const other = await db.backup.findFirstOrThrow({ where: { instanceId: instance.id, pinnedUntil: { not: null } } })
    await db.copy.createMany({
      data: [
        { backupId: wanted.id, remoteId: second.id, presence: 'leftover' },
        { backupId: other.id, remoteId: second.id, presence: 'missing' },
      ],
    })
    const filters: [BackupFilter, string[]][] = [
      [{ environment: 'production' }, [failed.id, wanted.id, 'other']],
      [{ plan: facts.planSlug, state: 'failed' }, [failed.id]],
      [{ presence: 'present', instance: instance.slug }, [wanted.id, 'other']],
      [{ verification: 'drilled' }, [wanted.id]],
      // its second copy is only half made: it is there all the same
      [{ presence: 'leftover' }, []],
      [{ presence: 'missing' }, ['other']],
      [{ presence: 'missing', verification: 'drilled' }, []],
      [{ pinned: true }, [wanted.id]],
      [{ from: new Date('2027-03-02T00:00:00Z'), until: new Date('2027-03-03T00:00:00Z') }, [wanted.id]],
      [{ text: 'UPGRADE' }, [wanted.id]],
      [{ text: 'homes is not' }, [failed.id]],
      [{ text: failed.id.slice(0, 13) }, [failed.id]],
      [{ text: '100 %' }, [failed.id, wanted.id, 'other']],
      [{ text: '_' }, []],
      [{ text: "'; DROP TABLE Backup; --" }, []],
    ]
    for (const [filter, ids] of filters) {
      const { items, total } = await listBackups(filter)
      const found = items.map(({ id }) => (id === wanted.id || id === failed.id ? id : 'other'))
      expect([found, total], JSON.stringify(filter)).toEqual([ids, ids.length])
      const exported: string[] = []
      for await (const { id } of exportBackups(filter)) exported.push(id)
      expect(exported).toEqual(items.map(({ id }) => id))
    }
  })

  it('sorts by each column, what was never measured last', async () => {
    const { instance, facts } = await scene()
    const at = (second: number) => new Date(Date.UTC(2027, 2, 4, 0, 0, second))
    const make = (bytes: number, seconds: number) =>
      createGoodBackup(db, facts, { bytes, requestedAt: at(bytes), startedAt: at(0), finishedAt: at(seconds) })
    const [small, large] = [await make(1, 9), await make(2, 5)]
    const failed = await createBackup(db, facts, { state: 'failed', requestedAt: at(3) })
    const sorted = async (order: BackupOrder) =>
      (await listBackups({ instance: instance.slug }, { order })).items.map(({ id }) => id)
    expect(await sorted({ by: 'when', direction: 'ascending' })).toEqual([small.id, large.id, failed.id])
    expect(await sorted({ by: 'size', direction: 'descending' })).toEqual([large.id, small.id, failed.id])
    expect(await sorted({ by: 'took', direction: 'ascending' })).toEqual([large.id, small.id, failed.id])
    expect(await sorted({ by: 'took', direction: 'descending' })).toEqual([small.id, large.id, failed.id])
    expect(await sorted({ by: 'state', direction: 'ascending' })).toEqual([failed.id, large.id, small.id])
    expect(await sorted({ by: 'instance', direction: 'ascending' })).toHaveLength(3)
  })

  it('counts a year by day as the zone has its days', async () => {
    const { instance, facts } = await scene()
    const now = new Date('2027-03-10T12:00:00Z')
    await createGoodBackup(db, facts, { requestedAt: new Date('2027-03-09T22:59:00Z') })
    await createGoodBackup(db, facts, { requestedAt: new Date('2027-03-09T23:00:00Z') })
    await createBackup(db, facts, { state: 'lost', requestedAt: new Date('2027-03-09T23:30:00Z') })
    const days = async (zone: string) => (await countByDay({ instance: instance.slug }, zone, now)).slice(-2)
    const counts = { failed: 0, partial: 0, good: 0, open: 0 }
    expect(await days('Europe/Berlin')).toEqual([
      { day: '2027-03-09', counts: { ...counts, good: 1 } },
      { day: '2027-03-10', counts: { ...counts, good: 1, failed: 1 } },
    ])
    expect((await days('UTC'))[0]).toEqual({ day: '2027-03-09', counts: { ...counts, good: 2, failed: 1 } })
    const year = await countByDay({}, 'UTC', now)
    expect([new Date(year[0]?.day ?? '').getUTCDay(), year.length]).toEqual([1, 52 * 7 + 3])
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
