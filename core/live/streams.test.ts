import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup, createUser } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { closeStreams, openStream } from './streams'

/** Promise: what goes on arrives by itself, in every tab, for as long as the session holds and not a second longer. */

let database: Awaited<ReturnType<typeof openTestDatabase>>
beforeAll(async () => {
  database = await openTestDatabase()
})
afterAll(async () => {
  await database.close()
})
const open: { leave: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((reader) => reader.leave()))
})

/** the signal of a browser that stays */
const here = new AbortController().signal

type Data = Record<string, unknown>

/** Reads a stream as a browser does. */
function read(stream: ReadableStream<Uint8Array> | null) {
  if (!stream) throw new Error('no stream was opened')
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  const next = async (event: string): Promise<Data | null> => {
    for (;;) {
      const found = /event: (\w+)\ndata: (.*)\n\n/.exec(text)
      if (found) text = text.slice(found.index + found[0].length)
      if (found?.[1] === event) return JSON.parse(found[2] ?? '')
      if (found) continue
      const { value, done } = await reader.read()
      if (done) return null
      text += decoder.decode(value, { stream: true })
    }
  }
  const made = { next, leave: () => reader.cancel() }
  open.push(made)
  return made
}

async function createSession() {
  const { db } = database
  const user = await createUser(db, { role: 'viewer' })
  const expiresAt = new Date(Date.now() + 3_600_000)
  return db.session.create({ data: { userId: user.id, expiresAt } })
}

async function createRunning() {
  const { db } = database
  const { instance, plan, worker } = await createScene(db)
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  return createBackup(db, facts, { state: 'running', startedAt: new Date() })
}

it('tells every tab of a run that goes on, and that it ended', async () => {
  const { db } = database
  const session = await createSession()
  const backup = await createRunning()
  const tabs = Array.from({ length: 50 }, () => read(openStream(session.id, null, here)))
  for (const tab of tabs) expect((await tab.next('state'))?.runs).toMatchObject([{ id: backup.id, state: 'running' }])
  await db.backup.update({ where: { id: backup.id }, data: { state: 'succeeded' } })
  for (const tab of tabs) expect(await tab.next('state')).toMatchObject({ runs: [] })
})

it('tells every tab that what a restore left is being removed, and that it is gone', async () => {
  const { db } = database
  const session = await createSession()
  const { instance, worker, remote, plan } = await createScene(db)
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const { id: backupId } = await createBackup(db, facts, { state: 'succeeded' })
  const ended = { instanceId: instance.id, remoteId: remote.id, backupId, state: 'succeeded' as const }
  const { id: restoreId } = await db.restore.create({
    data: { ...ended, tasks: { create: [{ workerId: worker.id, target: {}, discardState: 'running' }] } },
  })
  const tab = read(openStream(session.id, null, here))
  const before = (await tab.next('state'))?.version
  await db.restoreTask.updateMany({ where: { restoreId }, data: { discardState: 'succeeded' } })
  expect((await tab.next('state'))?.version).not.toBe(before)
})

it('tells the tab that follows a run all of it, and tells nothing twice', async () => {
  const { db } = database
  const session = await createSession()
  const backup = await createRunning()
  const tab = read(openStream(session.id, { name: 'backup', id: backup.id, after: undefined }, here))
  expect(await tab.next('run')).toMatchObject({ state: 'running', warningCount: 0 })
  await db.backup.update({ where: { id: backup.id }, data: { warningCount: 1 } })
  expect(await tab.next('run')).toMatchObject({ state: 'running', warningCount: 1 })
  await db.backup.update({ where: { id: backup.id }, data: { state: 'failed' } })
  expect(await tab.next('run')).toMatchObject({ state: 'failed' })
})

it('ends with the session, for that session alone', async () => {
  const { db } = database
  const [revoked, other] = [await createSession(), await createSession()]
  const tab = read(openStream(revoked.id, null, here))
  const stranger = read(openStream(other.id, null, here))
  await tab.next('state')
  await stranger.next('state')
  await db.session.update({ where: { id: revoked.id }, data: { revokedAt: new Date() } })
  expect(await tab.next('over')).toEqual({})
  expect(await tab.next('state')).toBeNull()
  const backup = await createRunning()
  expect((await stranger.next('state'))?.runs).toMatchObject([{ id: backup.id }])
})

it('takes no more tabs than its bound, and others again when those have left', async () => {
  const session = await createSession()
  const streams = Array.from({ length: 400 }, () => openStream(session.id, null, here))
  expect(streams.filter((stream) => stream !== null).length).toBeLessThanOrEqual(300)
  await Promise.all(streams.map((stream) => stream?.cancel()))
  expect(openStream(session.id, null, here)).not.toBeNull()
})

it('keeps no room for tabs that left before their answer began', async () => {
  const session = await createSession()
  for (let tab = 0; tab < 400; tab++) {
    const gone = new AbortController()
    expect(openStream(session.id, null, gone.signal)).not.toBeNull()
    gone.abort()
  }
  expect(openStream(session.id, null, AbortSignal.abort())).toBeNull()
})

it('ends every stream when the process ends, and opens none any more', async () => {
  const session = await createSession()
  const tabs = [read(openStream(session.id, null, here)), read(openStream(session.id, null, here))]
  for (const tab of tabs) await tab.next('state')
  closeStreams()
  for (const tab of tabs) expect(await tab.next('state')).toBeNull()
  expect(openStream(session.id, null, here)).toBeNull()
})
