import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createInstance } from '@/core/instances/create-instance'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { controlAt } from './fake-providers/control-client'
import { expect, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/**
 * Backups that go to Box: connected on the web, restored and compared, connected by paste, and what is seen when the account's
 * owner withdraws the access. Box is a stand-in that keeps Box's rules; worker and rclone are the real ones.
 */
const slug = 'on-box'
const loopback = 'http://127.0.0.1:53682/'
const mebibyte = 1024 ** 2
let place: WorkerPlace
let worker: ReturnType<typeof runWorker>

test.use({
  ignoreHTTPSErrors: true,
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
  proxy: async ({}, use) => use({ server: surroundings().fakeProviders.proxyUrl, bypass: 'localhost,127.0.0.1' }),
  // the address that a sign-in elsewhere ends at is one that nobody listens on
  forgiven: /ERR_CONNECTION_REFUSED|ERR_ABORTED/,
})

test.beforeAll(async () => {
  const folder = join(surroundings().folder, slug)
  const source = join(folder, 'homes')
  mkdirSync(source, { recursive: true })
  // what does not compress, and is more than Box takes in one request
  writeFileSync(join(source, 'simulation.bin'), randomBytes(58 * mebibyte))
  writeFileSync(join(source, 'notes.txt'), 'content\n')
  place = {
    folder: join(folder, 'worker'),
    sourceRoots: [source],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [],
  }
  const { id: instanceId } = await createInstance(actor, { slug, name: 'On Box', environment: 'testing' })
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, surroundings().url, token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  const tree = { slug: 'homes', workerId, path: source, exclude: [], oneFileSystem: true, mustBeMount: false }
  await createSource(actor, slug, { kind: 'tree', ...tree })
  worker = runWorker(place, {}, ['--heartbeat', '0.5'])
})
test.afterAll(() => worker.stop())

test('backups to Box: connected, made in parts, restored the same; withdrawn at Box, and connected again', async ({
  page,
}) => {
  const { url, fakeProviders } = surroundings()
  const box = controlAt(fakeProviders.controlUrl)
  const app = await box.addApp('box', { redirectUris: [`${url}/api/connections/box/callback`, loopback] })
  await signInAs(page, 'admin')

  await test.step('a connection is made on the web', async () => {
    await visit(page, `${url}/connections/new?provider=box`)
    await page.getByLabel('Name').fill('Box of the institute')
    await page.getByLabel('Slug').fill('institute-box')
    await page.getByLabel('Client id').fill(app.clientId)
    await page.getByLabel('Client secret').fill(app.clientSecret)
    await page.getByRole('button', { name: 'Save and go on' }).click()
    await page.getByRole('button', { name: 'Connect to Box' }).click()
    await page.getByRole('button', { name: 'Grant access to Box' }).click()
    await expect(page.getByText('Box knows this dashboard as ada@example.org.')).toBeVisible()
  })
  const connection = page.url().replace(/\?.*/, '')

  await test.step('a remote and a nightly plan use it', async () => {
    await visit(page, `${url}/remotes/new`)
    await page.getByLabel('Kind').selectOption('box')
    await page.getByLabel('Name').fill('Institute’s Box')
    await page.getByLabel('Slug').fill('institute-box')
    await page.getByRole('combobox', { name: 'Connection' }).selectOption({ label: 'Box of the institute' })
    await page.getByRole('button', { name: 'Add remote' }).click()
    await expect(page.getByRole('link', { name: 'Institute’s Box' })).toBeVisible()
    await visit(page, `${url}/plans/new?instance=${slug}`)
    await page.getByLabel('Name').fill('Nightly to Box')
    await page.getByLabel('Slug').fill('nightly-box')
    await page.getByRole('checkbox').first().check()
    const remotes = page.getByLabel('Remote', { exact: true })
    // its free room stands behind its name
    await remotes.selectOption(await remotes.locator('option', { hasText: 'Institute’s Box' }).getAttribute('value'))
    await page.getByRole('button', { name: 'Make plan' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Nightly to Box' })).toBeVisible()
  })
  const plan = page.url()

  await test.step('a backup goes there by an upload session, and is checked by SHA-1', async () => {
    await runNow(page, plan)
    await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 120_000 })
    expect(await box.countCalls({ host: 'upload.box.com', path: '/commit$', status: 201 })).toBe(1)
    const files = await box.listFiles('box')
    expect(
      files.filter((file) => /^WT\/on-box\/\d{8}\/\d{6}Z-nightly-box\/manifest\.json$/.test(file.path)),
    ).toHaveLength(1)
    const parts = await db().part.findMany({ where: { artifact: { backup: { plan: { slug: 'nightly-box' } } } } })
    expect(parts.map((part) => part.checked)).not.toContain('size')
    expect(parts.every((part) => part.remoteHash?.startsWith('sha1:'))).toBe(true)
  })

  await test.step('it is restored beside, and everything is identical', async () => {
    await page.getByRole('link', { name: 'Restore', exact: true }).click()
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByLabel('Reason').fill('A look whether Box gives back what it got')
    await page.getByRole('button', { name: 'Restore beside' }).click()
    await expect(page.getByRole('heading', { name: 'Identical' })).toBeVisible({ timeout: 120_000 })
  })

  await test.step('the account’s owner withdraws the access: the run says what to do, and the instance is at risk', async () => {
    await box.revokeAll('box')
    await visit(page, connection)
    await page.getByRole('button', { name: 'Check now' }).click()
    await expect(page.getByText(/Reconnect needed/).first()).toBeVisible()
    await runNow(page, plan)
    await expect(page.getByText(/must be reconnected/).first()).toBeVisible({ timeout: 120_000 })
    await visit(page, `${url}/instances/${slug}`)
    await expect(page.getByText('At risk').first()).toBeVisible()
  })

  await test.step('connected again, by an address pasted from elsewhere: the next run is good', async () => {
    await visit(page, connection)
    await page.getByRole('button', { name: 'Make a sign-in link' }).click()
    const link = await page.getByRole('link', { name: /Sign in at Box/ }).getAttribute('href')
    const elsewhere = await page.context().newPage()
    await elsewhere.goto(link ?? '')
    const final = elsewhere.waitForRequest((request) => request.url().startsWith(loopback))
    await elsewhere.getByRole('button', { name: 'Grant access to Box' }).click()
    const address = (await final).url()
    await elsewhere.close()
    await page.getByLabel('What came out').fill(address)
    await page.getByRole('button', { name: 'Try it and save' }).click()
    await expect(page.getByText(/Reconnect needed/)).toHaveCount(0)
    await runNow(page, plan)
    await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 120_000 })
    await visit(page, `${url}/instances/${slug}`)
    await expect(page.getByText('At risk')).toHaveCount(0)
  })
})

async function runNow(page: Page, plan: string): Promise<void> {
  await visit(page, plan)
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
}
