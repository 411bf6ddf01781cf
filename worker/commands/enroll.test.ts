import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sha256Hex } from '@/lib/crypto'
import { backends } from '@/protocol/remotes'
import { LoopbackControl } from '@/worker/fileserver/loopback-control'
import { readPolicy } from '@/worker/fileserver/policy-file'
import { stateFolderAt } from '@/worker/fileserver/state-folder'
import { controlPlaneUrl } from './control-plane-url'
import { type EnrollOptions, enroll } from './enroll'
import type { WorkerSettings } from './settings'

const token = 'one-time-token-of-the-dashboard'
let folder: string
let control: LoopbackControl
let settings: WorkerSettings
let printed: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-enroll-'))
  control = await new LoopbackControl().open()
  control.self = { ...control.self, state: 'pending' }
  control.tokens.add(token)
  writeFileSync(join(folder, 'token'), `${token}\n`)
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

function options(changed: Partial<EnrollOptions> = {}): EnrollOptions {
  const allowed = { allowSource: ['/mnt/homes/'], allowRestore: [], allowLocalRemote: ['/backup'], allowMongodb: true }
  const images = { allowMongodbImage: [] }
  return { url: control.url, tokenFile: join(folder, 'token'), ...allowed, ...images, force: false, ...changed }
}

test('promise: key and Redis password stay on this host, 0600; only their hashes are sent', async () => {
  await enroll(options(), settings)
  const { key, redisPassword } = JSON.parse(readFileSync(settings.state.identityFile, 'utf8'))
  expect(statSync(settings.state.identityFile).mode & 0o777).toBe(0o600)
  expect(statSync(settings.state.path).mode & 0o777).toBe(0o700)
  expect(control.keySha256).toBe(sha256Hex(key))
  expect(control.redisPasswordSha256).toBe(sha256Hex(redisPassword))
  for (const secret of [key, redisPassword]) expect(control.bodies.join() + printed).not.toContain(secret)
  expect(printed).not.toContain(token)
})

test('images for dumps in a container stand in the policy, and what is no image is refused before the token is used', async () => {
  const refused = enroll(options({ allowMongodbImage: ['--privileged'] }), settings)
  await expect(refused).rejects.toMatchObject({ code: 'invalid-image' })
  expect(control.bodies).toEqual([])
  await enroll(options({ allowMongodbImage: ['mongo:3.2'] }), settings)
  expect(readPolicy(settings.policyFile).mongodbImages).toEqual(['mongo:3.2'])
  expect(printed).toContain('mongo:3.2')
})

test('the policy is written and explained, and the fingerprint shown to compare', async () => {
  await enroll(options(), settings)
  expect(readPolicy(settings.policyFile)).toMatchObject({
    sourceRoots: ['/mnt/homes'],
    localRemoteRoots: ['/backup'],
    backends: [...backends],
    mongodb: true,
    inPlaceRestore: false,
  })
  expect(printed).toContain('Backups may read what lies at or below: /mnt/homes')
  expect(printed).toContain(`Restores may write below: ${settings.state.scratch}`)
  expect(printed).toContain(`Fingerprint: ${control.self.fingerprint}`)
  expect(printed).toContain('pending')
})

test("a refused token is told in the control plane's words, and nothing is kept of the try", async () => {
  control.tokens.clear()
  await expect(enroll(options(), settings)).rejects.toMatchObject({
    code: 'enrolment-used',
    message: expect.stringContaining('15 minutes'),
  })
  expect(existsSync(settings.state.identityFile)).toBe(false)
  expect(existsSync(`${settings.state.identityFile}.new`)).toBe(false)
})

test('an enrolled host is not enrolled again by mistake; --force does, and a refusal leaves the old key in place', async () => {
  await enroll(options(), settings)
  const before = readFileSync(settings.state.identityFile, 'utf8')
  await expect(enroll(options(), settings)).rejects.toMatchObject({
    code: 'already-enrolled',
    action: expect.stringContaining('--force'),
  })
  await expect(enroll(options({ force: true }), settings)).rejects.toMatchObject({ code: 'enrolment-used' })
  expect(readFileSync(settings.state.identityFile, 'utf8')).toBe(before)
  control.tokens.add(token)
  await enroll(options({ force: true, allowSource: ['/srv'] }), settings)
  expect(readFileSync(settings.state.identityFile, 'utf8')).not.toBe(before)
  expect(readPolicy(settings.policyFile).sourceRoots).toEqual(['/srv'])
})

test('promise: a policy that is there is never widened by the way; the token is not used up by that', async () => {
  writeFileSync(
    settings.policyFile,
    JSON.stringify({
      version: 1,
      sourceRoots: [],
      restoreRoots: [],
      localRemoteRoots: [],
      backends: [],
      mongodb: false,
      inPlaceRestore: false,
    }),
  )
  await expect(enroll(options(), settings)).rejects.toMatchObject({ code: 'policy-exists' })
  expect(control.tokens.has(token)).toBe(true)
  await enroll(options({ allowSource: [], allowLocalRemote: [], allowMongodb: false }), settings)
  expect(readPolicy(settings.policyFile).sourceRoots).toEqual([])
})

test.each([
  [{ tokenFile: '/nowhere/token' }, 'secret-unreadable'],
  [{ tokenFile: '/dev/null' }, 'invalid-token'],
  [{ url: 'http://backups.example.org' }, 'plain-http'],
  [{ url: 'ftp://backups.example.org' }, 'invalid-address'],
  [{ allowSource: ['homes'] }, 'invalid-path'],
  [{ url: 'http://127.0.0.1:9' }, 'control-plane-unreachable'],
])('%o is refused with %s', async (changed, code) => {
  await expect(enroll(options(changed), settings)).rejects.toMatchObject({ code })
  expect(control.tokens.has(token)).toBe(true)
  expect(existsSync(settings.state.identityFile)).toBe(false)
})

test('a web server that is no control plane is named as such', async () => {
  control.fault = () => 'page'
  await expect(enroll(options(), settings)).rejects.toMatchObject({
    code: 'control-plane-unreachable',
    message: expect.stringContaining('not JSON'),
  })
})

test('plain http is for this very host only', () => {
  expect(controlPlaneUrl('https://backups.example.org/')).toBe('https://backups.example.org')
  expect(controlPlaneUrl('http://localhost:3000')).toBe('http://localhost:3000')
  expect(controlPlaneUrl('http://[::1]:3000/')).toBe('http://[::1]:3000')
  for (const url of ['http://127.0.0.1.example.org', 'http://localhost.example.org', 'https://u:p@example.org', 'x'])
    expect(() => controlPlaneUrl(url)).toThrow()
})
