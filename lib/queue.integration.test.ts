import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '@/scripts/servers/redis'
import { sha256Hex } from './crypto'
import { openConsumer, openProducer, openTick, openUserAdmin, QueueUnreachable } from './queue'

/** A server of its own: these tests empty and stop it. */
let redis: RedisServer
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-queue-'))
const alice = { username: 'worker-a1', prefix: `tk:${'a1'.repeat(16)}`, password: 'password of alice' }
const bob = { username: 'worker-b2', prefix: `tk:${'b2'.repeat(16)}`, password: 'password of bob' }
const closing: (() => Promise<void>)[] = []

beforeAll(async () => {
  redis = await startRedis(join(folder, 'redis'))
  const admin = openUserAdmin(redis.adminUrl, { onReady: () => {}, onAway: () => {} })
  for (const { username, prefix, password } of [alice, bob])
    await admin.apply({ username, prefix, passwordSha256: sha256Hex(password) })
  await admin.close()
})
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(async () => {
  await redis.stop()
  rmSync(folder, { recursive: true, force: true })
})

function producer() {
  const opened = openProducer(redis.url)
  closing.push(opened.close)
  return opened
}

function consumer(handle: (name: string, data: unknown, jobId: string) => Promise<void>, concurrency = 1) {
  const errors: Error[] = []
  const { username, password, prefix } = alice
  const opened = openConsumer({
    url: redis.workerUrl,
    ...{ username, password, prefix, queue: 'work', concurrency, handle },
    onError: (error) => errors.push(error),
  })
  return { ...opened, errors }
}

function connected(user: { username: string; password: string }): Redis {
  const connection = new Redis(redis.workerUrl, { username: user.username, password: user.password })
  closing.push(async () => connection.disconnect())
  return connection
}

test('a worker with nothing but its own rights takes jobs, and each is gone once it ended, however it ended', async () => {
  const { enqueue, isQueued } = producer()
  const taken: string[] = []
  const { errors, close } = consumer(async (name, data, jobId) => {
    taken.push(`${name} ${jobId} ${JSON.stringify(data)}`)
    if (jobId === 'backup-2-1') throw new Error('this one fails')
  })
  for (const id of [1, 2, 3]) await enqueue(alice.prefix, 'work', 'backup', `backup-${id}-1`, { id })
  await vi.waitFor(() => expect(taken).toHaveLength(3), 10_000)
  await vi.waitFor(async () => expect(await isQueued(alice.prefix, 'work', 'backup-3-1')).toBe(false), 10_000)
  expect(taken[0]).toBe('backup backup-1-1 {"id":1}')
  expect(errors.map((error) => error.message)).toEqual(['this one fails'])
  await close()
  const denied = new Redis(redis.adminUrl)
  closing.push(async () => denied.disconnect())
  expect(await denied.call('ACL', 'LOG')).toEqual([])
  expect(await denied.keys('*backup-*')).toEqual([])
})

test('the same job is queued only once', async () => {
  const { enqueue, isQueued, remove } = producer()
  for (let time = 0; time < 3; time++) await enqueue(bob.prefix, 'work', 'backup', 'backup-1-1', { id: 1 })
  const connection = connected(bob)
  expect(await connection.llen(`${bob.prefix}:work:wait`)).toBe(1)
  expect(await isQueued(bob.prefix, 'work', 'backup-1-1')).toBe(true)
  await remove(bob.prefix, 'work', 'backup-1-1')
  expect(await isQueued(bob.prefix, 'work', 'backup-1-1')).toBe(false)
})

test("a worker can neither read nor disturb another's keys and channels, nor list keys, nor administer the server", async () => {
  await producer().enqueue(bob.prefix, 'work', 'backup', 'backup-9-1', { id: 9 })
  const connection = connected(alice)
  const theirs = `${bob.prefix}:work:wait`
  const refused: [string, ...string[]][] = [
    ['LRANGE', theirs, '0', '-1'],
    ['LPUSH', theirs, 'forged'],
    ['DEL', theirs],
    ['RENAME', theirs, `${alice.prefix}:stolen`],
    ['EVAL', `return redis.call('LRANGE', '${theirs}', 0, -1)`, '0'],
    ['EVAL', `return redis.call('KEYS', '*')`, '0'],
    ['PUBLISH', `${bob.prefix}:work`, 'x'],
    ['SUBSCRIBE', `${bob.prefix}:work`],
    ['PSUBSCRIBE', '*'],
    ['KEYS', '*'],
    ['SCAN', '0'],
    ['RANDOMKEY'],
    ['DBSIZE'],
    ['FLUSHALL'],
    ['FLUSHDB'],
    ['SCRIPT', 'FLUSH'],
    ['FUNCTION', 'LIST'],
    ['CONFIG', 'GET', '*'],
    ['CONFIG', 'SET', 'maxmemory', '1'],
    ['ACL', 'LIST'],
    ['ACL', 'WHOAMI'],
    ['CLIENT', 'LIST'],
    ['CLIENT', 'KILL', 'TYPE', 'normal'],
    ['MONITOR'],
    ['SHUTDOWN', 'NOSAVE'],
    ['REPLICAOF', 'NO', 'ONE'],
    ['SAVE'],
    ['SWAPDB', '0', '1'],
    ['MOVE', `${alice.prefix}:x`, '1'],
    ['MIGRATE', '127.0.0.1', '1', '', '0', '1', 'KEYS', theirs],
  ]
  for (const words of refused)
    await expect(connection.call(...words), words.join(' ')).rejects.toThrow(
      /NOPERM|No permissions|can't (run|access)/i,
    )
  expect(await connected(bob).llen(theirs)).toBe(1)
})

test('control makes and removes users; a removed one is thrown out at once', async () => {
  const admin = openUserAdmin(redis.adminUrl, { onReady: () => {}, onAway: () => {} })
  closing.push(admin.close)
  const carol = { username: 'worker-c3', prefix: `tk:${'c3'.repeat(16)}`, password: 'password of carol' }
  await admin.apply({ ...carol, passwordSha256: sha256Hex(carol.password) })
  expect(await admin.list()).toContain('worker-c3')
  const connection = connected(carol)
  connection.on('error', () => {})
  expect(await connection.ping()).toBe('PONG')
  const closed = new Promise((resolve) => connection.once('close', resolve))
  await admin.remove('worker-c3')
  await closed
  expect(await admin.list()).not.toContain('worker-c3')
})

test('a worker waits for its user to be made, and starts by itself', async () => {
  const dora = { username: 'worker-d4', prefix: `tk:${'d4'.repeat(16)}`, password: 'password of dora' }
  const errors: Error[] = []
  const taken: string[] = []
  const opened = openConsumer({
    url: redis.workerUrl,
    ...{ ...dora, queue: 'work', concurrency: 1 },
    handle: async (_, __, jobId) => void taken.push(jobId),
    onError: (error) => errors.push(error),
  })
  closing.push(opened.close)
  await producer().enqueue(dora.prefix, 'work', 'backup', 'backup-5-1', {})
  await vi.waitFor(() => expect(errors.length).toBeGreaterThan(0), 10_000)
  const admin = openUserAdmin(redis.adminUrl, { onReady: () => {}, onAway: () => {} })
  closing.push(admin.close)
  await admin.apply({ ...dora, passwordSha256: sha256Hex(dora.password) })
  await vi.waitFor(() => expect(taken).toEqual(['backup-5-1']), 20_000)
})

test('the tick comes once however many controls run, and comes back after Redis was emptied', async () => {
  let first = 0
  let second = 0
  const ticks = [openTick(redis.url, 1, async () => void first++), openTick(redis.url, 1, async () => void second++)]
  for (const tick of ticks) {
    closing.push(tick.close)
    await tick.ensure()
  }
  await vi.waitFor(() => expect(first + second).toBeGreaterThanOrEqual(2), 20_000)
  const admin = new Redis(redis.adminUrl)
  closing.push(async () => admin.disconnect())
  await admin.flushall()
  for (const tick of ticks) await tick.ensure()
  const before = first + second
  await vi.waitFor(() => expect(first + second).toBeGreaterThan(before), 20_000)
})

test('a worker and a tick end although Redis dies in the very moment they are closed', async () => {
  const taken: string[] = []
  const { close } = consumer(async (_, __, jobId) => void taken.push(jobId))
  const tick = openTick(redis.url, 1, async () => {})
  await tick.ensure()
  await producer().enqueue(alice.prefix, 'work', 'backup', 'backup-6-1', {})
  await vi.waitFor(() => expect(taken).toEqual(['backup-6-1']), 10_000)
  const passwords = passwordsOf(redis)
  redis.process.kill('SIGKILL')
  await Promise.all([close(), tick.close()])
  redis = await startRedis(join(folder, 'redis'), passwords)
})

test('Redis away is told at once, and the same producer works when it is back, with what was queued before', async () => {
  const { enqueue, isQueued } = producer()
  await enqueue(bob.prefix, 'work', 'backup', 'backup-7-1', {})
  await redis.stop()
  await expect(enqueue(bob.prefix, 'work', 'backup', 'backup-8-1', {})).rejects.toBeInstanceOf(QueueUnreachable)
  await expect(isQueued(bob.prefix, 'work', 'backup-7-1')).rejects.toBeInstanceOf(QueueUnreachable)
  redis = await startRedis(join(folder, 'redis'), passwordsOf(redis))
  await vi.waitFor(async () => expect(await isQueued(bob.prefix, 'work', 'backup-7-1')).toBe(true), 20_000)
  await enqueue(bob.prefix, 'work', 'backup', 'backup-8-1', {})
  expect(await isQueued(bob.prefix, 'work', 'backup-8-1')).toBe(true)
})

function passwordsOf(server: RedisServer) {
  const { port } = server
  return { port, appPassword: new URL(server.url).password, adminPassword: new URL(server.adminUrl).password }
}
