import { afterAll, beforeAll, expect, it } from 'vitest'
import { GET as getBadge } from '@/app/status/[token]/badge.svg/route'
import { GET as getPage } from '@/app/status/[token]/route'
import { control } from '@/core/audit/actor'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup, createGoodBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { makeStatusLink } from './make-status-link'
import { momentInZone, stateWords } from './public-status'
import { readPublicStatus } from './read-public-status'
import { removeStatusLink } from './remove-status-link'
import { writeBadge } from './write-badge'
import { writeStatusPage } from './write-status-page'

/** Promise: the status page tells strangers how an instance stands and nothing else, and only while somebody wants that. */

let database: Awaited<ReturnType<typeof openTestDatabase>>
let scene: Awaited<ReturnType<typeof createScene>>
beforeAll(async () => {
  database = await openTestDatabase()
  scene = await createScene(database.db)
})
afterAll(() => database.close())

const tokenOf = (link: string) => link.split('/').at(-1) ?? ''
const contextOf = (token: string) => ({ params: Promise.resolve({ token }) })
const request = new Request('http://localhost/')
const page = (token: string) => getPage(request, contextOf(token))
const badge = (token: string) => getBadge(request, contextOf(token))

it('shows no name of a person, plan, worker, source or remote, no path and no text of an error', async () => {
  const { db } = database
  const { instance, plan, worker, source, remote } = scene
  const planted = [
    ...['planted-owner', 'planted-notes', 'planted-plan', 'planted-host', 'planted-remote', 'planted-error'],
    ...['planted-action', '/planted/path', 'planted-held'],
  ]
  await db.instance.update({
    where: { id: instance.id },
    data: { name: 'Tales <script>alert(1)</script>', ownerContact: 'planted-owner', notes: 'planted-notes' },
  })
  await db.plan.update({ where: { id: plan.id }, data: { name: 'planted-plan', heldReason: 'planted-held' } })
  await db.worker.update({ where: { id: worker.id }, data: { hostName: 'planted-host' } })
  await db.remote.update({ where: { id: remote.id }, data: { name: 'planted-remote' } })
  await db.source.update({ where: { id: source.id }, data: { settings: { paths: ['/planted/path'] } } })
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  await createGoodBackup(db, { ...facts, remoteId: remote.id }, { finishedAt: new Date('2026-11-20T08:00:00Z') })
  const problem = { code: 'planted', text: 'planted-error at /planted/path', action: 'planted-action' }
  await createBackup(db, facts, { state: 'failed', finishedAt: new Date(), problem })
  const token = tokenOf(await makeStatusLink(control, instance.slug))
  const answers = [await page(token), await badge(token)]
  const texts = await Promise.all(answers.map((answer) => answer.text()))
  for (const text of texts) {
    for (const secret of [...planted, plan.slug, worker.slug, source.slug, instance.id, token, '<script'])
      expect(text).not.toContain(secret)
    expect(text).toMatch(/at risk|unprotected/)
  }
  expect(texts[0]).toContain('20 November 2026')
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
})

it('keeps the hash of a long token alone, and writes down who made, renewed and removed it', async () => {
  const { db } = database
  const slug = scene.instance.slug
  const first = tokenOf(await makeStatusLink(control, slug))
  expect(first.length).toBeGreaterThanOrEqual(22)
  expect(JSON.stringify(await db.statusLink.findMany())).not.toContain(first)
  const second = tokenOf(await makeStatusLink(control, slug))
  expect([(await page(first)).status, (await page(second)).status]).toEqual([404, 200])
  await removeStatusLink(control, slug)
  await removeStatusLink(control, slug)
  const events = await db.auditEvent.findMany({ where: { action: { startsWith: 'status-link' } } })
  expect(events.map(({ action }) => action).sort()).toEqual([
    ...['status-link.make', 'status-link.remove', 'status-link.renew', 'status-link.renew'],
  ])
  expect(JSON.stringify(events)).not.toContain(second)
  const wrong = [second, 'x', 'A'.repeat(43), '']
  const answers = await Promise.all(wrong.flatMap((token) => [page(token), badge(token)]))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404))
  expect(new Set(await Promise.all(answers.map((answer) => answer.text())))).toEqual(new Set(['Not found.\n']))
})

it('asks the database no more than it may, and is there again the next minute', async () => {
  const now = new Date('2026-11-23T18:00:00Z')
  const answers = await Promise.all(Array.from({ length: 650 }, () => readPublicStatus('A'.repeat(43), now)))
  expect(answers.filter((answer) => answer === 'busy')).toHaveLength(50)
  expect(await readPublicStatus('A'.repeat(43), new Date(now.getTime() + 60_000))).toBeNull()
})

it('says each state in words, and times with their zone', () => {
  for (const state of Object.keys(stateWords) as (keyof typeof stateWords)[]) {
    expect(writeBadge(state)).toContain(`aria-label="backups: ${state}"`)
    const written = writeStatusPage({ name: 'Tales', state, lastGood: null, nextAt: null, timeZone: 'UTC' }, new Date())
    expect(written).toContain(stateWords[state].meaning)
  }
  expect(momentInZone(new Date('2026-11-24T08:00:00Z'), 'America/Chicago')).toBe('24 November 2026 at 02:00 GMT-6')
})
