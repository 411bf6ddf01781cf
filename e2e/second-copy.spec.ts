import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { requestBackup } from '@/core/backups/request-backup'
import { createInstance } from '@/core/instances/create-instance'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { planReplications } from '@/core/replications/plan-replications'
import { requestRestore } from '@/core/restores/request-restore'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { readRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** A plan gets a second remote, and its backups a second copy: by the real worker and rclone, killed in the middle of it. */
test.describe.configure({ mode: 'serial' })
const slug = 'copied'
const longEnough = { timeout: 120_000 }
let folder: string
let place: WorkerPlace
let worker: ReturnType<typeof runWorker>
let planId: string
let firstId: string
let secondId: string
let backupId: string

const url = () => surroundings().url
const start = () => runWorker(place, {}, ['--heartbeat', '0.5'])
const backupOf = (id: string) => db().backup.findUniqueOrThrow({ where: { id } })
const copyOf = (id: string) => db().copy.findFirst({ where: { backupId: id, remoteId: secondId } })
const newestCopying = () =>
  db().replication.findFirst({ where: { backup: { planId } }, orderBy: { requestedAt: 'desc' } })

test.beforeAll(async () => {
  folder = join(surroundings().folder, slug)
  const data = join(folder, 'data')
  mkdirSync(data, { recursive: true })
  // does not compress, and is six parts of one MiB
  writeFileSync(join(data, 'random'), randomBytes(6 * 1024 ** 2))
  place = {
    folder: join(folder, 'worker'),
    sourceRoots: [data],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remotes')],
  }
  const { id: instanceId } = await createInstance(actor, { slug, name: 'Copied', environment: 'testing' })
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, url(), token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  const tree = { kind: 'tree' as const, path: data, exclude: [], oneFileSystem: true, mustBeMount: false }
  const sourceId = await createSource(actor, slug, { ...tree, slug: 'data', workerId })
  const remoteAt = async (name: string) => {
    const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
    const baseFolder = join(folder, 'remotes', name, 'WT')
    return (await createRemote(actor, { ...local, slug: `${slug}-${name}`, name: `Copied ${name}`, baseFolder })).id
  }
  firstId = await remoteAt('near')
  secondId = await remoteAt('far')
  const targets = [{ ...targetDefaults, remoteId: firstId }]
  const plan = { ...planDefaults, instanceId, slug: 'nightly', name: 'Nightly', sourceIds: [sourceId], targets }
  planId = (await createPlan(actor, { ...plan, partMebibytes: 1 })).id
  worker = start()
  backupId = await backUp()
})
test.afterAll(() => worker.stop())

async function backUp(): Promise<string> {
  const { backupId: id } = await requestBackup(actor, planId)
  await expect.poll(async () => (await backupOf(id)).state, longEnough).toBe('succeeded')
  return id
}

async function contentOn(name: 'near' | 'far', id: string): Promise<Record<string, string>> {
  const path = join(folder, 'remotes', name, 'WT', slug, (await backupOf(id)).folder ?? '')
  if (!existsSync(path)) return {}
  const hashOf = (file: string) =>
    createHash('sha256')
      .update(readFileSync(join(path, file)))
      .digest('hex')
  return Object.fromEntries(readdirSync(path).map((file) => [file, hashOf(file)]))
}

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}

test('a plan gets a second remote with a retention of its own, and the backup that is there is copied to it', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  await visit(page, `${url()}/plans/${planId}/edit`)
  await page.getByRole('button', { name: 'Add a remote for copies' }).click()
  const second = page.getByRole('region', { name: 'Copy 1' })
  // the same remote twice is told at its field
  await second.getByLabel('Remote', { exact: true }).selectOption({ label: 'Copied near' })
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(second.getByText('This remote is in the list already.')).toBeVisible()
  await second.getByLabel('Remote', { exact: true }).selectOption({ label: 'Copied far' })
  await second.getByLabel('Days', { exact: true }).fill('0')
  await second.getByLabel('Monthly', { exact: true }).fill('12')
  await second.getByLabel('Copy earlier backups too').check()
  await looksRight(page)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page).toHaveURL(new RegExp(`/plans/${planId}$`))
  await expect(page.getByText('keeps 12 monthly; never fewer than 3')).toBeVisible()
  await expect(page.getByText('keeps 30 days; never fewer than 3')).toBeVisible()
  await looksRight(page)

  await visit(page, `${url()}/backups/${backupId}`)
  await expect(page.getByRole('heading', { name: 'On the remotes' })).toBeVisible()
  await looksRight(page)
  await planReplications() // what control does every minute
  await expect.poll(async () => (await copyOf(backupId))?.presence, longEnough).toBe('present')
  await visit(page, `${url()}/backups/${backupId}`)
  await expect(page.getByText('verified after upload by checksum or size')).toHaveCount(2)
  expect(await contentOn('far', backupId)).toEqual(await contentOn('near', backupId))
  expect(Object.keys(await contentOn('far', backupId))).toContain('manifest.json')
})

test('promise: a worker that is killed in the middle of copying leaves no backup, and the next try goes on from there', async ({
  page,
}) => {
  await db().planTarget.updateMany({ where: { planId, remoteId: secondId }, data: { copiesFrom: 2 ** 30 } })
  const id = await backUp()
  await db().plan.update({ where: { id: planId }, data: { bytesPerSecond: 1024 ** 2 } })
  await signInAs(page, 'operator')
  await visit(page, `${url()}/backups/${id}`)
  await page.getByRole('button', { name: 'Copy now to Copied far' }).click()
  await expect(page.getByRole('progressbar')).toBeVisible(longEnough)
  await looksRight(page)
  const partsThere = async () => Object.keys(await contentOn('far', id)).filter((name) => name.includes('.tar.zst.'))
  await expect.poll(async () => (await partsThere()).length, { ...longEnough, intervals: [100] }).toBeGreaterThan(2)
  const killed = new Promise((resolve) => worker.process.once('exit', resolve))
  worker.process.kill('SIGKILL')
  await killed
  expect(Object.keys(await contentOn('far', id))).not.toContain('manifest.json')
  expect(await copyOf(id)).toMatchObject({ presence: 'leftover' })

  worker = start()
  await expect.poll(async () => (await newestCopying())?.state, longEnough).toBe('failed')
  await expect(page.getByText('killed or its host restarted')).toBeVisible(longEnough)
  await expect(
    page.getByText('not copied').or(page.getByText('to be copied')).or(page.getByText('no copy')).first(),
  ).toBeVisible()
  await looksRight(page)
  await page.getByRole('button', { name: 'Copy now to Copied far' }).click()
  await expect.poll(async () => (await copyOf(id))?.presence, longEnough).toBe('present')
  expect(await contentOn('far', id)).toEqual(await contentOn('near', id))
  const { lines } = readRunLog({ name: 'replication', id: (await newestCopying())?.id ?? '' }, { limit: 100 })
  expect(lines.map(({ text }) => text).join('\n')).toMatch(/[2-9] of \d+ parts lie there already, and are right\./)
})

test('promise: a backup that is asked for does not wait for a copy, which goes on afterwards by itself', async () => {
  await db().planTarget.updateMany({ where: { planId, remoteId: secondId }, data: { copiesFrom: null } })
  await db().plan.update({ where: { id: planId }, data: { bytesPerSecond: null } })
  await db().planTarget.updateMany({ where: { planId, remoteId: secondId }, data: { keepMonthly: 0 } })
  const id = await backUp()
  await db().plan.update({ where: { id: planId }, data: { bytesPerSecond: 512 * 1024 } })
  await planReplications()
  await expect.poll(async () => (await newestCopying())?.state, longEnough).toBe('running')
  expect((await newestCopying())?.backupId).toBe(id)
  await db().plan.update({ where: { id: planId }, data: { bytesPerSecond: null } })
  const next = await backUp()
  const steppedBack = await db().replication.findFirstOrThrow({
    where: { backupId: id },
    orderBy: { requestedAt: 'asc' },
  })
  expect(steppedBack).toMatchObject({ state: 'cancelled', cancelRequestedAt: null })
  for (const wanted of [next, id])
    await expect
      .poll(
        async () => {
          await planReplications()
          return (await copyOf(wanted))?.presence
        },
        { ...longEnough, intervals: [1000] },
      )
      .toBe('present')
})

test('a backup is restored from the remote that a person chooses; the order of the remotes is changed', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  await visit(page, `${url()}/backups/${backupId}/restore`)
  await page.getByText('Folder and copy').click()
  const choice = page.getByLabel('Read from')
  await expect(choice.getByRole('option')).toHaveText(['Copied near (local)', 'Copied far (local)'])
  await choice.selectOption({ label: 'Copied far (local)' })
  await looksRight(page)
  const { restoreId } = await requestRestore(actor, { backupId, remoteId: secondId })
  const restoreOf = () => db().restore.findUniqueOrThrow({ where: { id: restoreId } })
  await expect.poll(async () => (await restoreOf()).state, longEnough).toBe('succeeded')
  expect((await restoreOf()).remoteId).toBe(secondId)

  await visit(page, `${url()}/plans/${planId}/edit`)
  await page.getByRole('region', { name: 'Copy 1' }).getByRole('button', { name: 'Move up' }).click()
  await expect(page.getByRole('region', { name: 'First remote' }).getByLabel('Remote', { exact: true })).toHaveValue(
    secondId,
  )
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page).toHaveURL(new RegExp(`/plans/${planId}$`))
  const targets = await db().planTarget.findMany({ where: { planId }, orderBy: { position: 'asc' } })
  expect(targets.map(({ remoteId }) => remoteId)).toEqual([secondId, firstId])
})
