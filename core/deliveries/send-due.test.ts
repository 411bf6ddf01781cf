import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { sealChannel } from '@/core/channels/channel-secrets'
import { watch } from '@/core/incidents/watch'
import type { ChannelKind, Db, Prisma } from '@/lib/db'
import { type Received, startReceiver } from '@/scripts/servers/receiver'
import { openTestDatabase } from '@/scripts/test-database'
import type { Entry } from './content'
import { leaseMilliseconds } from './outbox-rules'
import { sendDue } from './send-due'

/** Promise: what lies in the outbox gets out at least once, under one id, however the other side behaves; one channel holds up no other. */

process.env.ALERT_NETWORKS = '127.0.0.0/8'
const start = new Date('2026-11-20T12:00:00Z')
const minute = 60_000
const after = (milliseconds: number) => new Date(start.getTime() + milliseconds)

let db: Db
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
})
afterAll(() => close())
const stopping: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stopping.splice(0)) await stop()
})
beforeEach(async () => {
  await db.channel.deleteMany()
  await db.incident.deleteMany()
  await db.processLife.deleteMany()
})

async function openReceiver(answer?: (received: Received, response: ServerResponse) => void) {
  const receiver = await startReceiver(answer)
  stopping.push(receiver.stop)
  return receiver
}

async function createChannel(
  kind: ChannelKind,
  secrets: Record<string, string>,
  overrides: Partial<Prisma.ChannelUncheckedCreateInput> = {},
) {
  const name = `Channel ${Math.random()}`
  const rules = { environments: [], instanceIds: [], kinds: [] }
  const { id } = await db.channel.create({ data: { name, kind, settings: {}, ...rules, ...overrides } })
  return db.channel.update({ where: { id }, data: { secrets: sealChannel(id, secrets) } })
}

const key = 'a key of sixteen letters'
const entry: Entry = {
  ...{ change: 'opened', incidentId: '3b241101-e2bb-4255-8caf-4136c566a962', kind: 'backup-overdue' },
  ...{ severity: 'critical', title: '“nightly” of Production is overdue', text: 'Since two.', meaning: 'Loss.' },
  ...{ action: 'Look.', href: '/plans/1', instances: [], ending: null, isBrief: false },
  ...{ since: start.toISOString(), at: start.toISOString() },
}

function createDelivery(
  channelId: string,
  overrides: Partial<Prisma.DeliveryUncheckedCreateInput> = {},
  changes: Partial<Entry> = {},
) {
  const content = { entries: [{ ...entry, ...changes }], leftOut: 0 }
  return db.delivery.create({
    data: { channelId, kind: 'changes', content, createdAt: start, notBefore: start, ...overrides },
  })
}

const send = (at: Date) => sendDue(() => at)
const stateOf = (id: string) => db.delivery.findUniqueOrThrow({ where: { id } })

it('signs a webhook so that the receiver can check it', async () => {
  const { received, url } = await openReceiver()
  const { id } = await createChannel('webhook', { url: `${url}/hook`, key })
  const delivery = await createDelivery(id)
  await send(start)
  expect(await stateOf(delivery.id)).toMatchObject({ state: 'sent', attempts: 1, answer: '200 taken' })
  const [got] = received
  const timestamp = got?.headers['talekeeper-timestamp']
  const signature = createHmac('sha256', key).update(`${timestamp}.${got?.body}`).digest('hex')
  expect(got?.headers).toMatchObject({
    'talekeeper-delivery': delivery.id,
    'talekeeper-attempt': '1',
    'talekeeper-signature': `v1=${signature}`,
  })
  expect(JSON.parse(got?.body ?? '')).toMatchObject({
    ...{ version: 1, id: delivery.id, kind: 'changes', severity: 'critical' },
    entries: [{ kind: 'backup-overdue', where: 'http://localhost:3000/plans/1' }],
  })
})

it('tries again later and later under the same id and with the same body, and tells the answer', async () => {
  let isWell = false
  const { received, url } = await openReceiver((_, response) =>
    isWell ? response.end() : response.writeHead(503).end('busy, key a key of sixteen letters\r\nX: y'),
  )
  const channel = await createChannel('webhook', { url, key })
  const delivery = await createDelivery(channel.id)
  let at = 0
  for (const expected of [0.5, 1, 2, 4, 8, 16, 32, 60, 60]) {
    await send(after(at))
    const { nextAttemptAt } = await stateOf(delivery.id)
    expect((nextAttemptAt?.getTime() ?? 0) - after(at).getTime()).toBe(expected * minute)
    await send(after(at + expected * minute - 1000))
    at += expected * minute
  }
  expect(received).toHaveLength(9)
  expect((await stateOf(delivery.id)).answer).toBe('503 busy, key [secret] X: y')
  expect((await db.channel.findUniqueOrThrow({ where: { id: channel.id } })).failingSince).toEqual(start)
  isWell = true
  await send(after(at))
  expect(await stateOf(delivery.id)).toMatchObject({ state: 'sent', attempts: 10 })
  expect((await db.channel.findUniqueOrThrow({ where: { id: channel.id } })).failingSince).toBeNull()
  expect(new Set(received.map(({ headers }) => headers['talekeeper-delivery'])).size).toBe(1)
  expect(new Set(received.map(({ body }) => body)).size).toBe(1)
})

it('gives up after a week', async () => {
  const { url } = await openReceiver((_, response) => response.writeHead(404).end())
  const channel = await createChannel('slack', { url })
  const delivery = await createDelivery(channel.id, { attempts: 170 })
  await send(after(8 * 24 * 60 * minute))
  expect(await stateOf(delivery.id)).toMatchObject({ state: 'failed', answer: '404' })
})

it('sends once more what was begun and never ended', async () => {
  const { received, url } = await openReceiver()
  const channel = await createChannel('webhook', { url, key })
  const killed = await createDelivery(channel.id, { attempts: 1, nextAttemptAt: after(leaseMilliseconds) })
  await send(after(leaseMilliseconds - 1))
  expect(received).toEqual([])
  await send(after(leaseMilliseconds))
  expect(received.map(({ headers }) => headers['talekeeper-attempt'])).toEqual(['2'])
  expect((await stateOf(killed.id)).state).toBe('sent')
})

it('two controls that send at once send each message once', async () => {
  const { received, url } = await openReceiver()
  const channel = await createChannel('webhook', { url, key })
  for (let turn = 0; turn < 5; turn++) await createDelivery(channel.id, { createdAt: after(turn) })
  await Promise.all([send(after(minute)), send(after(minute)), send(after(minute))])
  await send(after(minute))
  expect(received).toHaveLength(5)
  expect(new Set(received.map(({ headers }) => headers['talekeeper-delivery'])).size).toBe(5)
})

it('a channel that fails holds up no other, and is an incident through the others alone', async () => {
  const broken = await openReceiver((_, response) => response.destroy())
  const well = await openReceiver()
  const first = await createChannel('webhook', { url: broken.url, key }, { name: 'Broken' })
  const second = await createChannel('webhook', { url: well.url, key })
  await createDelivery(first.id)
  await createDelivery(second.id)
  await send(start)
  expect(well.received).toHaveLength(1)
  await watch(after(10 * minute))
  await send(after(10 * minute))
  const told = JSON.parse(well.received.at(-1)?.body ?? '')
  expect(told.entries).toMatchObject([{ kind: 'channel-failing', title: 'Alerts do not get through “Broken”' }])
  expect(await db.delivery.count({ where: { channelId: first.id } })).toBe(1)
})

it('does not wait for a time that a wrong clock wrote', async () => {
  const { received, url } = await openReceiver()
  const channel = await createChannel('webhook', { url, key })
  const farOff = after(400 * 24 * 60 * minute)
  await createDelivery(channel.id, { notBefore: farOff })
  await createDelivery(channel.id, { attempts: 1, nextAttemptAt: farOff })
  await createDelivery(channel.id, { notBefore: after(8 * 60 * minute), createdAt: after(1) })
  await send(start)
  expect(received).toHaveLength(2)
})

it('writes for Slack, Mattermost and ntfy without markup out of names', async () => {
  const { received, url } = await openReceiver()
  const slack = await createChannel('slack', { url: `${url}/slack` })
  const ntfy = await createChannel('ntfy', { topic: 'tales', token: 'tk_secret' }, { settings: { server: url } })
  const title = 'A <!channel> [link](http://evil.example) *bold* @here & more\r\nTitle: x'
  await createDelivery(slack.id, {}, { title })
  await createDelivery(ntfy.id, {}, { title })
  await send(start)
  const bodyOf = (path: string) => JSON.parse(received.find((one) => one.path === path)?.body ?? '{}')
  const { text, attachments } = bodyOf('/slack')
  expect(attachments).toHaveLength(1)
  for (const written of [text, attachments[0].title]) {
    expect(written).not.toMatch(/<!channel>|\]\(|@here|:\/\/evil|\n/)
    expect(written).toContain('&lt;!\u200Bchannel&gt;')
  }
  expect(bodyOf('/')).toMatchObject({ topic: 'tales', priority: 5, title: `Critical: ${title.replace('\r\n', ' ')}` })
  expect(received.find(({ path }) => path === '/')?.headers.authorization).toBe('Bearer tk_secret')
})

const room = '!tales:matrix.example.org'
const matrixSettings = (server: string) => ({ settings: { server: `${server}/`, room } })

it('puts a message into a room of Matrix under the delivery’s id, however often the answer is cut', async () => {
  let isWell = false
  const { received, url } = await openReceiver((_, response) => {
    if (isWell) return response.end('{"event_id":"$1"}')
    response.writeHead(200, { 'content-length': 100 })
    response.write('{"event', () => response.destroy())
  })
  const channel = await createChannel('matrix', { token: 'syt_secret' }, matrixSettings(url))
  const delivery = await createDelivery(channel.id)
  await send(start)
  expect((await stateOf(delivery.id)).answer).toContain('no usable answer')
  isWell = true
  await send(after(minute))
  expect(await stateOf(delivery.id)).toMatchObject({ state: 'sent', answer: '200 {"event_id":"$1"}' })
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/send/m.room.message/${delivery.id}`
  expect(received.map((one) => [one.method, one.path])).toEqual([
    ['PUT', path],
    ['PUT', path],
  ])
  expect(received[0]?.headers.authorization).toBe('Bearer syt_secret')
  expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ msgtype: 'm.text', 'm.mentions': {} })
})

it('says what Matrix and Teams answer, without the secret that they repeat', async () => {
  const { url } = await openReceiver(({ path, headers }, response) => {
    response.writeHead(path.startsWith('/flow') ? 400 : 403)
    response.end(path.startsWith('/flow') ? `bad ${url}${path}` : `M_FORBIDDEN ${headers.authorization}`)
  })
  const matrix = await createChannel('matrix', { token: 'syt_secret' }, matrixSettings(url))
  const teams = await createChannel('teams', { url: `${url}/flow?sig=abc` })
  const [first, second] = [await createDelivery(matrix.id), await createDelivery(teams.id)]
  await send(start)
  expect((await stateOf(first.id)).answer).toBe('403 M_FORBIDDEN Bearer [secret]')
  expect((await stateOf(second.id)).answer).toBe('400 bad [secret]')
})

it('gives Teams one Adaptive Card, and waits as long as it asks for', async () => {
  let isBusy = true
  const { received, url } = await openReceiver((_, response) =>
    isBusy ? response.writeHead(429, { 'retry-after': '600' }).end() : response.writeHead(202).end(),
  )
  const channel = await createChannel('teams', { url })
  const delivery = await createDelivery(channel.id)
  await send(start)
  expect(await stateOf(delivery.id)).toMatchObject({ answer: '429', nextAttemptAt: after(10 * minute) })
  isBusy = false
  await send(after(10 * minute - 1))
  expect(received).toHaveLength(1)
  await send(after(10 * minute))
  expect(await stateOf(delivery.id)).toMatchObject({ state: 'sent', answer: '202' })
  expect(JSON.parse(received[1]?.body ?? '')).toMatchObject({
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } }],
  })
})

it.each([
  'http://169.254.169.254/latest',
  'http://[::ffff:10.0.0.1]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[::1]:1/',
])('reaches no network of its own that is not allowed: %s', async (url) => {
  const channel = await createChannel('webhook', { url, key })
  const delivery = await createDelivery(channel.id)
  await send(start)
  expect((await stateOf(delivery.id)).answer).toMatch(/private network, and ALERT_NETWORKS does not allow it/)
})

it('follows no redirect, and says so', async () => {
  const { received, url } = await openReceiver((_, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end(),
  )
  const channel = await createChannel('webhook', { url, key })
  const delivery = await createDelivery(channel.id)
  await send(start)
  expect((await stateOf(delivery.id)).answer).toMatch(/^302 It leads elsewhere, which is not followed/)
  expect(received).toHaveLength(1)
})

it('a restored old database sends nothing once more that it knows as sent, and what waited in it once', async () => {
  const { received, url } = await openReceiver()
  const channel = await createChannel('webhook', { url, key })
  const sent = { state: 'sent' as const, attempts: 1, sentAt: start }
  for (let turn = 0; turn < 5; turn++) await createDelivery(channel.id, sent)
  const waiting = await createDelivery(channel.id)
  const later = after(40 * 24 * 60 * minute)
  await watch(later)
  await send(later)
  await watch(after(40 * 24 * 60 * minute + minute))
  await send(after(40 * 24 * 60 * minute + minute))
  const ids = received.map(({ headers }) => headers['talekeeper-delivery'])
  expect(ids.filter((id) => id === waiting.id)).toHaveLength(1)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeLessThanOrEqual(2)
})
