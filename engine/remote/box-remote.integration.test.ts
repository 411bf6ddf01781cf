import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { startBoxRemote } from '@/e2e/fake-providers/box-remote'

const box = await startBoxRemote()
const { RemoteStore } = await import('./remote-store')
const { temporaryFolder } = await import('./loopback-servers')

const { control } = box.fake
const work = temporaryFolder()
const logged: string[] = []
const store = await RemoteStore.open(box.remote, {
  temporaryFolder: work,
  signal: new AbortController().signal,
  bytesPerSecond: null,
  log: (text) => logged.push(text),
})
const impatient = store.withAttempts(1)
const mebibyte = 1024 * 1024
const upload = { host: 'upload.box.com' }

afterAll(async () => {
  await store.close()
  await box.stop()
  rmSync(work, { recursive: true })
})
afterEach(() => {
  control.clearFaults()
  control.forgetCalls()
  box.broker.refuse(null)
  control.set('box', { accessTokenSeconds: 3600, pendingCommits: 0 })
  control.setAccount('box', '1001', { quota: 1e12, largestFile: 5e9 })
  logged.length = 0
})

function file(bytes: number): { path: string; sha1: string; sha256: string } {
  const content = randomBytes(bytes)
  const path = join(work, `file-${randomBytes(4).toString('hex')}`)
  writeFileSync(path, content)
  const hash = (type: string) => createHash(type).update(content).digest('hex')
  return { path, sha1: hash('sha1'), sha256: hash('sha256') }
}

describe('Box by the real rclone: every verb of a run', () => {
  it('small files: upload, size and SHA-1, read, download, replace, list, delete', async () => {
    const small = file(300_000)
    await store.upload(small.path, 'wt/20260101/a/part')
    expect(await store.stat('wt/20260101/a/part', 'sha1')).toEqual({ bytes: 300_000, hash: small.sha1 })
    expect(await store.readBack('wt/20260101/a/part')).toEqual({ bytes: 300_000, sha256: small.sha256 })
    await store.download('wt/20260101/a/part', join(work, 'back'))
    expect(readFileSync(join(work, 'back'))).toEqual(readFileSync(small.path))
    await store.writeText('wt/20260101/a/text', 'first')
    await store.writeText('wt/20260101/a/text', 'second')
    expect((await store.read('wt/20260101/a/text', 100))?.toString()).toBe('second')
    expect(await store.read('wt/20260101/a/none', 100)).toBeNull()
    expect(await store.stat('wt/nowhere/none')).toBeNull()
    expect(await store.list('wt/20260101')).toEqual([{ name: 'a', bytes: -1, isFolder: true, hashes: {} }])
    expect(await store.list('wt/2027')).toBeNull()
    expect(await store.listDeep('wt', 'sha1')).toContainEqual({
      path: '20260101/a/part',
      bytes: 300_000,
      hash: small.sha1,
    })
    expect(await store.hashTypes()).toContain('sha1')
    await store.deleteFile('wt/20260101/a/text')
    await store.deleteFolder('wt/20260101/a')
    await store.deleteEmptyFolder('wt/20260101')
    expect(await store.list('wt')).toEqual([])
  })

  it('a large file goes by an upload session in parts of eight MiB, and its SHA-1 is right', async () => {
    control.set('box', { pendingCommits: 1 })
    const large = file(60 * mebibyte)
    await store.upload(large.path, 'wt/large/part')
    expect(await store.stat('wt/large/part', 'sha1')).toEqual({ bytes: 60 * mebibyte, hash: large.sha1 })
    expect(control.countCalls({ ...upload, method: 'PUT', status: 200 })).toBe(8)
    expect(control.countCalls({ ...upload, path: '/commit$', status: 202 })).toBe(1)
    await store.deleteFolder('wt/large')
  })

  it('folders of more than a thousand files are listed whole', async () => {
    const names = Array.from({ length: 1005 }, (_, number) => `f${number}`)
    await store.makeFolder('wt/many')
    await control.fill('box', 'WT/wt/many', names)
    expect((await store.list('wt/many'))?.length).toBe(1005)
    await store.deleteFolder('wt/many')
  })
})

describe('tokens', () => {
  it('one that ends several times while a file is uploaded is asked for again each time', async () => {
    control.set('box', { accessTokenSeconds: 16 })
    box.broker.forget()
    const before = box.broker.refreshes()
    const slow = await RemoteStore.open(box.remote, {
      ...{ temporaryFolder: work, signal: new AbortController().signal, log: (text) => logged.push(text) },
      bytesPerSecond: 2_000_000,
    })
    const large = file(52 * mebibyte)
    await slow.upload(large.path, 'wt/slow/part')
    await slow.close()
    expect(box.broker.refreshes() - before).toBeGreaterThanOrEqual(3)
    expect(logged).toEqual([])
    expect((await store.stat('wt/slow/part', 'sha1'))?.hash).toBe(large.sha1)
  })

  it('one that the provider ends early costs an attempt: the next rclone gets a fresh one', async () => {
    const large = file(52 * mebibyte)
    const held = control.addFault({ match: { ...upload, method: 'PUT' }, times: 1, after: 2, kind: 'hold' })
    const done = store.upload(large.path, 'wt/early/part')
    await expect.poll(() => control.met(held), { timeout: 30_000 }).toBe(1)
    box.broker.forget()
    control.endAccessTokens('box')
    control.clearFaults()
    await done
    expect((await store.stat('wt/early/part', 'sha1'))?.hash).toBe(large.sha1)
    expect(logged.join()).toMatch(/did not take its own access token/)
  })

  it('a connection that must be reconnected ends the call at once, in plain words', async () => {
    box.broker.refuse({
      status: 400,
      error: 'invalid_grant',
      error_description: 'Reconnect needed: Box no longer takes the sign-in of the connection “Box” (invalid_grant).',
    })
    await expect(store.list('wt')).rejects.toMatchObject({ code: 'remote-reconnect-needed' })
    expect(logged).toEqual([])
  })

  it('a broker that is away does not: the same call may succeed later', async () => {
    box.broker.refuse({ status: 503, error: 'temporarily_unavailable', error_description: 'Box does not answer.' })
    await expect(impatient.list('wt')).rejects.toMatchObject({ code: 'remote-provider-away' })
  })

  it('without access nothing is tried', async () => {
    const remote = { ...box.remote, access: null }
    const options = { temporaryFolder: work, signal: new AbortController().signal, bytesPerSecond: null, log: () => {} }
    await expect(RemoteStore.open(remote as typeof box.remote, options)).rejects.toMatchObject({
      code: 'remote-reconnect-needed',
    })
  })
})

describe('what Box refuses', () => {
  it('a full account and a file that is too large, each in its own words', async () => {
    const small = file(300_000)
    control.setAccount('box', '1001', { quota: 1000 })
    await expect(impatient.upload(small.path, 'wt/full/part')).rejects.toMatchObject({ code: 'remote-full' })
    control.setAccount('box', '1001', { quota: 1e12, largestFile: 1000 })
    await expect(impatient.upload(small.path, 'wt/full/part')).rejects.toMatchObject({ code: 'remote-file-too-large' })
  })

  it('many requests, for a while: 429 and 5xx cost time, not the upload', async () => {
    const small = file(300_000)
    control.addFault({
      match: { host: 'api.box.com' },
      times: 3,
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '1' },
    })
    control.addFault({ match: upload, times: 1, kind: 'status', status: 503 })
    await store.upload(small.path, 'wt/busy/part')
    expect((await store.stat('wt/busy/part', 'sha1'))?.hash).toBe(small.sha1)
  })
})
