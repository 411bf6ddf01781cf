import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { deserialize, serialize } from 'bson'
import { requestBackup } from '@/core/backups/request-backup'
import { saveProfile } from '@/core/fix-up-profiles/save-profile'
import { createInstance } from '@/core/instances/create-instance'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { MongoServer } from '@/lib/mongo-driver'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { makeSampleTree } from '@/scripts/sample/tree'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** The sample instance is restored in place in a browser, undone, and dropped; compared file by file and document by document. */
const slug = 'exchanged'
const database = 'exchanged_girder'
const longEnough = { timeout: 180_000 }
let folder: string
let data: string
let worker: ReturnType<typeof runWorker>
let backupId: string

test.beforeAll(async () => {
  const { folder: all, mongodbUrl } = surroundings()
  folder = join(all, slug)
  data = join(folder, 'data')
  mkdirSync(data, { recursive: true, mode: 0o755 })
  await makeSampleTree(data, { megabytes: 3, seed: 2 })
  await fillSampleMongodb(mongodbUrl, { documents: 300, chunkMegabytes: 1, databasePrefix: 'exchanged_' })
  await withoutOddNames()
  const { id: instanceId } = await createInstance(actor, { slug, name: 'Exchanged', environment: 'production' })
  const { place, workerId } = await enrolled(instanceId, 'worker')
  const tree = { kind: 'tree' as const, path: data, exclude: [], oneFileSystem: true, mustBeMount: false }
  const mongodb = mongodbSource()
  const sourceIds = [
    await createSource(actor, slug, { ...tree, slug: 'data', workerId }),
    await createSource(actor, slug, { ...mongodb, slug: 'mongo', workerId }),
  ]
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
  const baseFolder = join(folder, 'remotes', 'WT')
  const { id: remoteId } = await createRemote(actor, {
    ...local,
    slug: `${slug}-disk`,
    name: 'Exchanged disk',
    baseFolder,
  })
  const plan = { ...planDefaults, instanceId, slug: 'nightly', name: 'Nightly', sourceIds }
  const { id: planId } = await createPlan(actor, { ...plan, targets: [{ ...targetDefaults, remoteId }] })
  worker = runWorker(place, {}, ['--heartbeat', '0.5'])
  backupId = (await requestBackup(actor, planId)).backupId
  const stateOf = async () => (await db().backup.findUniqueOrThrow({ where: { id: backupId } })).state
  await expect.poll(stateOf, longEnough).toMatch(/succeeded|warning/)
})
test.afterAll(() => worker.stop())

/** A worker that is confirmed and not yet started; all that this file makes lie on one host. */
async function enrolled(instanceId: string, name: string): Promise<{ place: WorkerPlace; workerId: string }> {
  const place: WorkerPlace = {
    folder: join(folder, name),
    sourceRoots: [data],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remotes')],
  }
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, surroundings().url, token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  return { place, workerId }
}

function mongodbSource() {
  const { mongodbUrl: connection } = surroundings()
  const reached = { kind: 'mongodb' as const, reach: 'direct' as const, connection, databases: [database] }
  return { ...reached, consistency: 'best' as const, tools: 'built-in' as const }
}

/** The MongoDB-compatible server of the tests does not rename them. */
async function withoutOddNames(): Promise<void> {
  const server = await MongoServer.connect(surroundings().mongodbUrl)
  for (const { name } of await server.listCollections(database))
    if (!/^[A-Za-z0-9_-]+$/.test(name)) await server.dropCollection(database, name)
  await server.close()
}

/** Everything of the tree and the database that is not ours. */
async function contentNow(): Promise<{ tree: string; documents: Record<string, string[]> }> {
  const script = `find . -path ./.talekeeper -prune -o -printf '%P %y %m %U:%G %T@ %l\\n' | LC_ALL=C sort
    find . -path ./.talekeeper -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum`
  const tree = execFileSync('bash', ['-c', script], { cwd: data, maxBuffer: 1 << 28 }).toString('latin1')
  const server = await MongoServer.connect(surroundings().mongodbUrl)
  const documents: Record<string, string[]> = {}
  for (const { name } of await server.listCollections(database)) {
    if (/__(?:tk|old|late)_/.test(name)) continue
    const found: string[] = []
    for await (const batch of server.readRaw(database, name))
      found.push(...batch.map((one) => Buffer.from(one).toString('base64')))
    documents[name] = found.sort((a, b) => (a < b ? -1 : 1))
  }
  await server.close()
  return { tree, documents }
}

async function spoil(): Promise<void> {
  const [first = ''] = readdirSync(data)
  rmSync(join(data, first), { recursive: true })
  writeFileSync(join(data, 'made-since'), 'made since')
  const server = await MongoServer.connect(surroundings().mongodbUrl)
  await server.dropCollection(database, 'user')
  await server.renameCollection(database, 'item', 'made_since')
  await server.close()
}

/** The only one that testing has set itself. */
async function putSetting(key: string, value: string): Promise<void> {
  const server = await MongoServer.connect(surroundings().mongodbUrl)
  await server.deleteAll(database, 'setting')
  await server.insertRaw(database, 'setting', [serialize({ key, value })])
  await server.close()
}

async function settingsNow(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  const server = await MongoServer.connect(surroundings().mongodbUrl)
  for await (const batch of server.readRaw(database, 'setting'))
    for (const one of batch) {
      const { key, value } = deserialize(one)
      found[String(key)] = value
    }
  await server.close()
  return found
}

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}

/** The page follows the run, and what becomes of it afterwards. */
async function untilExchange(page: Page, state: string): Promise<void> {
  await expect(page.locator(`[data-exchange="${state}"]`)).toBeVisible(longEnough)
}

test('production is restored in place after its name was typed, undone, and the rest dropped', async ({ page }) => {
  test.setTimeout(400_000)
  const good = await contentNow()
  await spoil()
  const spoilt = await contentNow()
  await signInAs(page, 'admin')

  await test.step('what stands there is exchanged', async () => {
    await visit(page, `${surroundings().url}/backups/${backupId}/restore`)
    await page.getByLabel('How').selectOption('in-place')
    await expect(page).toHaveURL(/way=in-place/)
    await expect(page.getByLabel('Make a safety backup first')).toBeChecked()
    await expectFitsPhone(page)
    await page.getByText('Single collections').first().click()
    await expect(page.getByLabel(`Collection ${database}.collection`, { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByRole('button', { name: 'Show what would change' }).click()
    await expect(page.locator('[data-preview="there"]')).toBeVisible(longEnough)
    await expect(page.getByText('Taken away: 1')).toBeVisible()
    await expect(page.getByText(`${database}.made_since`)).toBeVisible()
    await expectAccessible(page)
    await page.getByLabel('Reason').fill('A folder was deleted by mistake')
    for (const box of await page.locator('input[name="accepted"]').all()) await box.check()
    await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
    await expectFitsPhone(page)
    await page.getByRole('button', { name: 'Restore in place' }).click()
    await expect(page).toHaveURL(/\/restores\/[0-9a-f-]{36}$/)
    await untilExchange(page, 'swapped')
    await expect(page.getByRole('heading', { name: 'What was to change' })).toBeVisible()
    await looksRight(page)
    expect(await contentNow()).toEqual(good)
  })

  await test.step('the old copy gets a day on which it goes by itself, which is taken back', async () => {
    await page.getByRole('button', { name: 'Drop on a day…' }).click()
    await page.getByLabel('Last day').fill('2099-12-31')
    await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
    await page.getByRole('button', { name: 'Set the day' }).click()
    await expect(page.getByText('dropped by itself')).toBeVisible()
    await page.getByRole('button', { name: 'Keep it longer' }).click()
    await page.getByRole('button', { name: 'Keep it', exact: true }).click()
    await expect(page.getByRole('definition').filter({ hasText: 'until somebody drops it' })).toBeVisible()
  })

  await test.step('it is undone', async () => {
    await page.getByRole('button', { name: 'Undo', exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Undo' }).click()
    await untilExchange(page, 'undone')
    expect(await contentNow()).toEqual(spoilt)
  })

  await test.step('what was restored is dropped', async () => {
    await page.getByRole('button', { name: 'Drop what was restored' }).click()
    await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
    await page.getByRole('alertdialog').getByRole('button', { name: 'Drop' }).click()
    await untilExchange(page, 'dropped')
    await looksRight(page)
    expect(await contentNow()).toEqual(spoilt)
    expect(readdirSync(data)).not.toContain('.talekeeper')
  })
})

test('production’s data comes into testing by hand, fitted to it, and then on a schedule', async ({ page }) => {
  test.setTimeout(300_000)
  const { id: instanceId } = await createInstance(actor, { slug: 'refreshed', name: 'Tried', environment: 'testing' })
  const testingOrigin = 'https://dashboard.testing.example.org'
  const { place, workerId } = await enrolled(instanceId, 'tester')
  await createSource(actor, 'refreshed', { ...mongodbSource(), slug: 'mongo', workerId })
  const [stopped, started] = [join(place.folder, 'stopped'), join(place.folder, 'started')]
  const policyFile = join(place.folder, 'policy.json')
  const writers = { stop: ['/bin/touch', stopped], start: ['/bin/touch', started] }
  writeFileSync(policyFile, JSON.stringify({ ...JSON.parse(readFileSync(policyFile, 'utf8')), writers }))
  const tester = runWorker(place, {}, ['--heartbeat', '0.5'])
  try {
    await saveProfile(actor, 'refreshed', { database, keptSettings: 'on', registeredData: 'on' })
    await putSetting('core.cors.allow_origin', testingOrigin)
    await signInAs(page, 'admin')

    await test.step('by hand: what becomes of each setting is shown before, and so it is', async () => {
      await visit(page, `${surroundings().url}/backups/${backupId}/restore`)
      await page.getByLabel('Worker').selectOption(workerId)
      await expect(page.getByText('Into Tried, which is another instance')).toBeVisible()
      await page.getByLabel('How').selectOption('in-place')
      await page.getByLabel('What writes there meanwhile').selectOption('command')
      await page.getByLabel('Make a safety backup first').uncheck()
      await page.getByRole('button', { name: 'Check', exact: true }).click()
      await page.getByRole('button', { name: 'Show what would change' }).click()
      const becomes = (key: string) => page.locator(`[data-setting="${key}"]`)
      await expect(becomes('core.cors.allow_origin')).toContainText(testingOrigin, longEnough)
      await expect(becomes('core.cors.allow_origin')).toHaveAttribute('data-becomes', 'kept')
      await expect(becomes('oauth.globus_client_secret')).toHaveAttribute('data-becomes', 'removed')
      await looksRight(page)
      await page.getByLabel('Reason').fill('A Tuesday')
      for (const box of await page.locator('input[name="accepted"]').all()) await box.check()
      await page.getByRole('button', { name: 'Restore in place' }).click()
      await expect(page).toHaveURL(/\/restores\/[0-9a-f-]{36}$/)
      await untilExchange(page, 'swapped')
      expect(await settingsNow()).toMatchObject({ 'core.cors.allow_origin': testingOrigin })
    })
    const good = await contentNow()
    const restoreId = page.url().split('/').at(-1) ?? ''

    await test.step('it is repeated', async () => {
      await page.getByRole('link', { name: 'Repeat on a schedule' }).click()
      await looksRight(page)
      await page.getByLabel('Cron expression').fill('0 25 * * *')
      await page.getByRole('button', { name: 'Make the refresh' }).click()
      await expect(page.getByText(/The hour of the schedule is “25”/).first()).toBeVisible()
      await page.getByLabel('Cron expression').fill('0 3 * * 0')
      await page.getByRole('button', { name: 'Make the refresh' }).click()
      await expect(page.getByText('Type “refreshed”').first()).toBeVisible()
      await page.getByLabel('Type refreshed').fill('refreshed')
      await page.getByRole('button', { name: 'Make the refresh' }).click()
      await expect(page).toHaveURL(/\/refreshes\/[0-9a-f-]{36}$/)
      await expect(page.locator('[data-refresh="waiting"]')).toBeVisible()
      await looksRight(page)
    })

    await test.step('it begins out of its turn: the old copy goes, and the newest backup stands in place', async () => {
      await spoil()
      for (const file of [stopped, started]) rmSync(file)
      await page.getByRole('button', { name: 'Run now' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Run now' }).click()
      const run = page.getByRole('row').filter({ hasNotText: 'the one that is repeated' }).getByRole('link')
      await expect(run).toBeVisible(longEnough)
      await expect(page.locator('[data-refresh="waiting"]')).toBeVisible(longEnough)
      await run.click()
      await expect(page).toHaveURL(/\/restores\/[0-9a-f-]{36}$/)
      await untilExchange(page, 'swapped')
      expect(await contentNow()).toEqual(good)
      expect([stopped, started].map((file) => existsSync(file))).toEqual([true, true])
      await visit(page, `${surroundings().url}/restores/${restoreId}`)
      await expect(page.locator('[data-exchange="dropped"]')).toBeVisible()
      await page.getByRole('link', { name: 'Its refresh' }).click()
      await expect(page.getByRole('heading', { name: 'Refresh of Tried' })).toBeVisible()
    })

    await test.step('it is deleted, and its restores stay', async () => {
      await page.getByRole('button', { name: 'Delete' }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete it' }).click()
      await expect(page).toHaveURL(/\/restores$/)
      await expect(page.getByRole('table', { name: 'Refreshes' })).toHaveCount(0)
      await expect(page.getByRole('cell', { name: 'Tried' })).toHaveCount(2)
    })
  } finally {
    await tester.stop()
  }
})
