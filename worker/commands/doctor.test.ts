import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LoopbackControl } from '@/worker/fileserver/loopback-control'
import { stateFolderAt } from '@/worker/fileserver/state-folder'
import { doctor } from './doctor'
import { enroll } from './enroll'
import type { WorkerSettings } from './settings'

const token = 'one-time-token-of-the-dashboard'
let folder: string
let control: LoopbackControl
let settings: WorkerSettings
let printed: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-doctor-'))
  control = await new LoopbackControl().open()
  settings = {
    state: stateFolderAt(join(folder, 'state')),
    policyFile: join(folder, 'policy.json'),
    mongodbToolFolders: [],
  }
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})
afterEach(async () => {
  vi.restoreAllMocks()
  await control.close()
  rmSync(folder, { recursive: true, force: true })
})

async function examined() {
  printed = ''
  const exitCode = await doctor({ json: true }, settings)
  const { findings } = JSON.parse(printed)
  return {
    exitCode,
    of: (subject: string) => findings.find((finding: { subject: string }) => finding.subject === subject),
  }
}

async function enrolled(): Promise<void> {
  control.tokens.add(token)
  writeFileSync(join(folder, 'token'), token)
  const allowed = {
    allowSource: [join(folder, 'homes')],
    allowRestore: [],
    allowLocalRemote: [],
    allowMongodb: false,
    allowMongodbImage: [],
  }
  await enroll({ url: control.url, tokenFile: join(folder, 'token'), ...allowed, force: false }, settings)
}

test('a host that was never enrolled is told what to do, with exit code 1', async () => {
  const { exitCode, of } = await examined()
  expect(exitCode).toBe(1)
  expect(of('Enrolment')).toMatchObject({ level: 'problem', action: expect.stringContaining('dashboard') })
  expect(of('Policy')).toMatchObject({ level: 'problem' })
  expect(of('tar')).toMatchObject({ level: 'ok' })
})

test('a source that is not there, a pending worker, a revoked one, and a control plane that is away are told apart', async () => {
  mkdirSync(join(folder, 'homes'))
  await enrolled()
  control.self = { ...control.self, state: 'pending' }
  const pending = await examined()
  expect(pending.exitCode).toBe(0)
  expect(pending.of('Control plane')).toMatchObject({ level: 'warning', text: expect.stringContaining('Fingerprint') })
  expect(pending.of('Source')).toMatchObject({ level: 'ok' })
  expect(pending.of('Process')).toMatchObject({ level: 'warning' })

  rmSync(join(folder, 'homes'), { recursive: true })
  expect((await examined()).of('Source')).toMatchObject({
    level: 'problem',
    text: expect.stringContaining('does not exist'),
  })
  control.keySha256 = 'f'.repeat(64)
  expect((await examined()).of('Control plane')).toMatchObject({ level: 'problem', text: 'unknown key' })
  control.fault = () => 'unavailable'
  expect((await examined()).of('Control plane')).toMatchObject({
    level: 'problem',
    text: expect.stringContaining('503'),
  })
})

test('Redis that does not answer, or is without encryption elsewhere, is a problem', async () => {
  await enrolled()
  const redis = { username: 'worker-x', prefix: 'tk:0123456789abcdef' }
  control.self = { ...control.self, state: 'active', redis: { ...redis, url: 'redis://127.0.0.1:9' } }
  expect((await examined()).of('Redis')).toMatchObject({
    level: 'problem',
    text: expect.stringContaining('ECONNREFUSED'),
  })
  control.self = { ...control.self, redis: { ...redis, url: 'redis://redis.example.org:6379' } }
  expect((await examined()).of('Redis')).toMatchObject({
    level: 'problem',
    text: expect.stringContaining('without TLS'),
  })
})

test('for people: a line each, with what to do below it', async () => {
  expect(await doctor({ json: false }, settings)).toBe(1)
  expect(printed).toMatch(/^ok {7}tar: 1/m)
  expect(printed).toMatch(/^problem {2}Enrolment: .*\n {9}→ Run the command/m)
})
