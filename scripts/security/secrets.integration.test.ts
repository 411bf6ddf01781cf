import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { control } from '@/core/audit/actor'
import { createConnection } from '@/core/connections/create-connection'
import { sealTokens } from '@/core/connections/sealed-secrets'
import { requestBackup } from '@/core/backups/request-backup'
import { prepareMigration } from '@/core/migrations/prepare-migration'
import { prepareMigrationSchema } from '@/core/migrations/schema'
import { createInstance } from '@/core/instances/create-instance'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { requestRestore } from '@/core/restores/request-restore'
import { createSource } from '@/core/sources/create-source'
import { makeSignInLink } from '@/core/users/make-sign-in-link'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { sshKey, type TrialRemote, webdavRemote } from '@/engine/remote/loopback-servers'
import { startWireStub } from '@/engine/mongodb/wire-stub'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { awaitBackup, awaitRestore } from '@/scripts/demo/await-run'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { type Stack, startStack } from '@/scripts/stack'
import { createChannel, createIncident, createRefresh } from '@/scripts/test-rows'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { Browser } from './browser'
import { actionNamed } from './people'
import { findMarkers, findMarkersBelow, type Markers, watchCommandLines } from './secret-hunt'
import { listActions, listPages } from './site'

/**
 * Promise: secrets are sealed or hashed at rest and never reach a command line, a log, Redis, a page, the API of the dashboard,
 * or a file that stays. Whole runs with known secrets everywhere, some of them failing for a wrong password, then a hunt.
 */
const secret = (kind: string) => `${kind}-${randomBytes(18).toString('hex')}`
const typed = {
  mongodbConnection: secret('mongo'),
  mongodbPassword: secret('mongopass'),
  migrationPassword: secret('migrationpass'),
  wrongWebdavPassword: secret('wrongdav'),
  sftpPassword: secret('sftp'),
  s3Secret: secret('s3'),
  oauthClientSecret: secret('client'),
  accessToken: secret('access'),
  refreshToken: secret('refresh'),
  administratorsPassword: secret('admin'),
  wrongAdministratorsPassword: secret('guess'),
}
const stackFileSchema = z.record(z.string(), z.unknown())
const identitySchema = z.object({ key: z.string(), redisPassword: z.string() })
const actions = listActions(() => 'any')

let folder: string
let stack: Stack
let remote: TrialRemote
let stub: { port: number; stop: () => Promise<void> }
let worker: { stop: () => Promise<void> } | undefined

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-secrets-'))
  for (const name of ['temporary', 'source', 'restored', 'worker']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'source', 'file'), 'content')
  const isMaster = { ok: 1, ismaster: true, isWritablePrimary: true, maxWireVersion: 21, minWireVersion: 0 }
  const limits = { maxBsonObjectSize: 16_777_216, maxMessageSizeBytes: 48_000_000, maxWriteBatchSize: 100_000 }
  stub = await startWireStub((command) =>
    command.saslStart || command.saslContinue
      ? { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' }
      : { ...isMaster, ...limits, saslSupportedMechs: ['admin.keeper', 'SCRAM-SHA-256'] },
  )
  ;[stack, remote] = await Promise.all([startStack(join(folder, 'control-plane')), webdavRemote()])
  await fillSampleMongodb(inject('mongodbUrl'), { documents: 100, chunkMegabytes: 1, databasePrefix: 'secrets_' })
  Object.assign(process.env, stack.environment)
})
afterAll(async () => {
  await worker?.stop()
  await db().$disconnect()
  await Promise.all([stack.stop(), remote.stop(), stub.stop()])
  rmSync(folder, { recursive: true, force: true })
})

test('whole runs leave no secret behind', async () => {
  const watch = watchCommandLines()
  const captured: [string, string][] = []
  const markers: Markers = { ...typed, ...serverSecrets() }

  const browser = new Browser(stack.url)
  markers.signInLink = await becomeAdministrator(browser, captured)
  markers.sessionCookie = browser.cookie.slice(browser.cookie.indexOf('=') + 1)

  const instance = await createInstance(control, { slug: 'wt-test', name: 'Test', environment: 'testing' })
  const place = workerPlace()
  const { workerId, token } = await enrolled(instance.id, place)
  const identity = identitySchema.parse(JSON.parse(readFileSync(join(place.folder, 'state', 'identity.json'), 'utf8')))
  Object.assign(markers, {
    enrolmentToken: token,
    workerKey: identity.key,
    workerRedisPassword: identity.redisPassword,
  })
  worker = runWorker(place, { TMPDIR: join(folder, 'temporary') })
  const webdavPassword = remote.remote.backend === 'webdav' ? (remote.remote.options.pass ?? '') : ''
  markers.webdavPassword = webdavPassword

  const { planId, badPlanId, badRemotePlanId, mongodbSourceId } = await registered(
    instance.id,
    workerId,
    webdavPassword,
  )
  const { backupId } = await requestBackup(control, planId)
  await awaitBackup(backupId)
  const { restoreId } = await requestRestore(control, {
    backupId,
    folder: join(folder, 'restored', 'r'),
    mongodbSourceId,
  })
  const comparison = await awaitRestore(restoreId)
  expect(comparison).toMatchObject({ differenceCount: 0, refusedCount: 0 })

  const failures: string[] = []
  for (const failing of [badPlanId, badRemotePlanId])
    failures.push(await failureOf((await requestBackup(control, failing)).backupId))
  expect(failures).toEqual([expect.stringMatching(/auth|password/i), expect.stringMatching(/password|refuse|sign/i)])

  for (const [name, form] of Object.entries(remoteForms(workerId))) {
    const answer = await browser.act(actionNamed(actions, 'testRemoteAction'), form, { before: [] })
    expect([name, answer.status]).toEqual([name, 200])
    captured.push([`the answer to a remote test over ${name}`, answer.text])
  }

  const migration = await migrated(backupId, instance.id)
  markers.migrationLink = migration.link
  const names = {
    migrations: migration.migrationId,
    refreshes: (await createRefresh(db(), { instanceId: instance.id, planId })).id,
    ...{ slug: 'wt-test', worker: 'fileserver', source: 'mongodb', backups: backupId, restores: restoreId },
    ...{ plans: planId, remotes: (await db().remote.findFirstOrThrow()).id, connections: await connected() },
    ...{ alerts: (await createChannel(db())).id, incidents: (await createIncident(db())).id },
  }
  await capturePages(browser, names, captured)
  for (const path of [`backups/${backupId}/live`, `backups/${backupId}/log`, `restores/${restoreId}/log`])
    captured.push([path, (await browser.get(`/api/${path}`)).text])

  await worker.stop()
  await stack.stop()
  const commandLines = watch.stop()
  expect([...commandLines].some((line) => line.includes('rclone'))).toBe(true)

  const mayHoldSecrets = (file: string) =>
    [
      join(place.folder, 'state', 'identity.json'),
      join(folder, 'control-plane', 'stack.json'),
      join(folder, 'control-plane', 'redis', 'redis.conf'),
    ].includes(file)
  const found = [
    ...[...commandLines].flatMap((line) => findMarkers(line, `a command line: ${line.slice(0, 60)}`, markers)),
    ...captured.flatMap(([place, text]) => findMarkers(text, place, markers)),
    ...findMarkersBelow(folder, markers, mayHoldSecrets),
    ...findMarkersBelow(remote.folder, markers, () => false),
  ]
  expect(found).toEqual([])

  // the hunt itself finds what is there
  const planted = findMarkersBelow(folder, markers, () => false)
  for (const name of ['workerKey', 'workerRedisPassword', 'sealingKey', 'authSecret', 'adminPassword', 'appPassword'])
    expect(
      planted.some((place) => place.startsWith(`${name} in `)),
      name,
    ).toBe(true)
  expect(Object.values(markers).every((value) => value.length >= 20)).toBe(true)
  expect([...commandLines].length).toBeGreaterThan(20)
})

/** What the control plane itself is started with. */
function serverSecrets(): Markers {
  const kept = stackFileSchema.parse(JSON.parse(readFileSync(join(folder, 'control-plane', 'stack.json'), 'utf8')))
  return Object.fromEntries(
    Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

async function becomeAdministrator(browser: Browser, captured: [string, string][]): Promise<string> {
  const token = new URL((await makeSignInLink(stack.url)).url).searchParams.get('token') ?? ''
  const email = 'ada@example.org'
  const password = typed.administratorsPassword
  const form = { token, name: 'Ada', email, password, passwordAgain: password }
  const answer = await browser.act(actionNamed(actions, 'createAdministratorAction'), form)
  if (!browser.keepCookie(answer)) throw new Error(`no session: ${answer.text.slice(0, 500)}`)
  const guess = await new Browser(stack.url).act(actionNamed(actions, 'signInAction'), {
    email,
    password: typed.wrongAdministratorsPassword,
  })
  captured.push(['the answer to a wrong password', guess.text], ['the answer to the first run', answer.text])
  return token
}

function workerPlace(): WorkerPlace {
  return {
    folder: join(folder, 'worker'),
    sourceRoots: [join(folder, 'source')],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'restored')],
  }
}

async function enrolled(instanceId: string, place: WorkerPlace): Promise<{ workerId: string; token: string }> {
  const { token } = await makeEnrolment(control, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, stack.url, token)
  const row = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(control, { workerId: row.id, fingerprint: fingerprintOf(row.keySha256) })
  return { workerId: row.id, token }
}

/** A plan that works, one whose MongoDB refuses the password, and one whose remote does. */
async function registered(instanceId: string, workerId: string, webdavPassword: string) {
  const mongodb = { kind: 'mongodb', workerId, reach: 'direct', consistency: 'best', tools: 'auto' } as const
  const url = new URL(inject('mongodbUrl'))
  url.searchParams.set('appName', typed.mongodbConnection)
  const databases = ['secrets_girder', 'secrets_girder_assets']
  const mongodbSourceId = await createSource(control, 'wt-test', {
    ...{ ...mongodb, slug: 'mongodb', databases, connection: url.toString() },
  })
  const badSourceId = await createSource(control, 'wt-test', {
    ...{ ...mongodb, slug: 'locked', databases: null },
    connection: `mongodb://keeper:${typed.mongodbPassword}@127.0.0.1:${stub.port}/?serverSelectionTimeoutMS=3000`,
  })
  const treeId = await createSource(control, 'wt-test', {
    ...{ kind: 'tree', slug: 'homes', workerId, path: join(folder, 'source'), exclude: [] },
    ...{ oneFileSystem: true, mustBeMount: false },
  })
  const good = await createRemote(control, webdavInput('webdav', webdavPassword))
  const bad = await createRemote(control, webdavInput('wrong', typed.wrongWebdavPassword))
  const planOf = async (slug: string, sourceIds: string[], remoteId: string) =>
    (
      await createPlan(control, {
        ...{ ...planDefaults, instanceId, slug, name: slug, sourceIds },
        targets: [{ ...targetDefaults, remoteId, keepDays: 7 }],
      })
    ).id
  return {
    planId: await planOf('nightly', [mongodbSourceId, treeId], good.id),
    badPlanId: await planOf('locked', [badSourceId], good.id),
    badRemotePlanId: await planOf('no-way-in', [treeId], bad.id),
    mongodbSourceId,
  }
}

function webdavInput(slug: string, pass: string) {
  const { url } = z.object({ url: z.string() }).parse(remote.remote.options)
  return {
    ...{ backend: 'webdav' as const, slug, name: slug, baseFolder: 'WT', forget: [] },
    ...{ options: { url, vendor: 'other' as const, user: 'keeper' }, secrets: { pass } },
  }
}

/** A connection whose sign-in is held: its pages must show nothing of it. */
async function connected(): Promise<string> {
  const { id } = await createConnection(control, {
    ...{ slug: 'box', name: 'Box', provider: 'box', clientId: 'client', tenant: undefined },
    clientSecret: typed.oauthClientSecret,
  })
  const tokens = sealTokens(id, { accessToken: typed.accessToken, refreshToken: typed.refreshToken })
  await db().connection.update({ where: { id }, data: { state: 'connected', tokens } })
  return id
}

/** What an administrator may type before it is saved; nothing of it works. */
function remoteForms(workerId: string): Record<string, Record<string, string>> {
  const common = { testWorkerId: workerId, slug: 'typed', name: 'Typed', baseFolder: 'backups/WT' }
  const sftp = { host: '127.0.0.1', port: '1', user: 'keeper', host_key: sshKey().publicKey, pass: typed.sftpPassword }
  const s3 = { provider: 'Other', endpoint: 'http://127.0.0.1:1', access_key_id: 'keeper' }
  return {
    SFTP: { ...common, backend: 'sftp', ...sftp },
    S3: { ...common, backend: 's3', ...s3, secret_access_key: typed.s3Secret },
  }
}

/** A link for a fresh host that carries the address of its MongoDB. */
async function migrated(backupId: string, instanceId: string) {
  const { id, name, role } = await db().user.findFirstOrThrow()
  const wanted = {
    ...{ backupId, instanceId, workerSlug: 'fresh', way: 'inPlace', validHours: 1, reason: 'a test' },
    connection: `mongodb://keeper:${typed.migrationPassword}@127.0.0.1:27017`,
  }
  return prepareMigration({ kind: 'user', id, name, role }, prepareMigrationSchema.parse(wanted))
}

/** The problem that a backup failed with. */
async function failureOf(backupId: string): Promise<string> {
  for (;;) {
    const { state, problem } = await db().backup.findUniqueOrThrow({ where: { id: backupId } })
    if (state === 'failed') return JSON.stringify(problem)
    if (state !== 'queued' && state !== 'running') throw new Error(`the backup ended as ${state}`)
    await sleep(200)
  }
}

async function capturePages(browser: Browser, names: Record<string, string>, captured: [string, string][]) {
  const nameOf = (segment: string, file: string) =>
    names[segment === 'id' ? (/(\w+)\/\[id\]/.exec(file)?.[1] ?? '') : segment] ?? ''
  for (const { path } of listPages(nameOf)) {
    const { status, text } = await browser.get(path)
    if (!['/sign-in', '/first-run'].includes(path)) expect([path, status]).toEqual([path, 200])
    captured.push([`the page ${path}`, text])
  }
}
