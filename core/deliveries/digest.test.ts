import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup, createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { type DigestSchedule, dueDigest } from './digest-rules'
import { messageOf } from './message-of'
import { planDigests } from './plan-digests'

/** Promise: a digest comes once, at its hour of its zone, and tells each instance’s truth in a line. */

const daily: DigestSchedule = { digest: 'daily', digestHour: 8, timeZone: 'America/Chicago' }
// in November Chicago is six hours behind UTC
describe('a digest is due', () => {
  it.each<[string, DigestSchedule, string | null]>([
    ['2026-11-24T13:59:00Z', daily, null],
    ['2026-11-24T14:00:00Z', daily, '2026-11-24'],
    ['2026-11-24T23:00:00Z', daily, '2026-11-24'],
    ['2026-11-25T03:00:00Z', daily, null],
    ['2026-11-24T14:00:00Z', { ...daily, digest: 'weekly' }, null],
    ['2026-11-23T14:00:00Z', { ...daily, digest: 'weekly' }, '2026-11-23'],
    ['2026-11-24T14:00:00Z', { ...daily, digest: 'never' }, null],
  ])('at %s %j: %s', (now, schedule, day) => {
    expect(dueDigest(schedule, new Date(now))?.day ?? null).toBe(day)
  })
})

let database: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(() => database.close())

it('is written once, with what became of the day', async () => {
  const { db } = database
  const now = new Date('2026-11-24T14:05:00Z')
  const { instance, plan, worker, remote } = await createScene(db)
  await db.worker.update({ where: { id: worker.id }, data: { lastSeenAt: now } })
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  const finishedAt = new Date('2026-11-24T09:00:00Z')
  await createBackup(db, facts, {
    state: 'failed',
    startedAt: finishedAt,
    finishedAt: new Date('2026-11-24T08:00:00Z'),
  })
  await createGoodBackup(db, facts, { startedAt: finishedAt, finishedAt, bytes: 2048 })
  const rules = { environments: [], instanceIds: [], kinds: [] }
  const channel = { kind: 'webhook' as const, settings: {}, ...rules, ...daily }
  const [before, after] = [new Date('2026-11-24T13:59:00Z'), new Date('2026-11-24T14:01:00Z')]
  await db.channel.create({ data: { ...channel, name: 'Digest', createdAt: before } })
  await db.channel.create({ data: { ...channel, name: 'Made after its hour', createdAt: after } })
  await Promise.all([planDigests(now), planDigests(now)])
  await planDigests(new Date('2026-11-24T20:00:00Z'))
  const rows = await db.delivery.findMany()
  expect(rows).toHaveLength(1)
  const [row] = rows
  if (!row) return
  const message = messageOf(row, 'https://backups.example.org')
  expect(message.subject).toBe('Daily digest: all is well')
  expect(message.entries[0]?.headline).toMatch(/\(testing\): protected$/)
  const lines = message.entries[0]?.lines.map(({ label, text }) => `${label}: ${text}`)
  expect(lines).toContain('Runs: 1 good, 1 failed, 2.0 KiB written')
  expect(lines?.[0]).toBe('Newest good backup: 5 hours ago (24 Nov 2026, 09:00 UTC)')
})
