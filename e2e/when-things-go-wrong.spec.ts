import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { db } from '@/lib/db'
import { registerInstance } from '@/scripts/demo/register-instance'
import { createBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

const facts = surroundings
let place: WorkerPlace
let planId: string

test.beforeAll(async () => {
  const { folder, instanceFolder, configFolder, mongodbUrl, url } = facts()
  place = {
    folder: join(folder, 'worker-of-faults'),
    sourceRoots: [instanceFolder],
    restoreRoots: [join(folder, 'restored-of-faults')],
    localRemoteRoots: [join(folder, 'allowed')],
  }
  await mkdir(place.folder, { recursive: true })
  const options = { folder, once: false, reset: false, megabytes: 1 }
  const sample = {
    mongodbUrl,
    homesFolder: instanceFolder,
    configFolder,
    documents: 0,
    entries: 0,
    stop: async () => {},
  }
  planId = await registerInstance(options, sample, place, url)
})

test('a wrong password is refused in words, and says nothing of who exists', async ({ page }) => {
  await visit(page, `${facts().url}/sign-in`)
  await page.getByLabel('E-mail').fill('nobody@example.org')
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /password/i })).toBeVisible()
  await expectAccessible(page)
})

test('a link that was used tells so, and leads to the sign-in page', async ({ page }) => {
  await visit(page, `${facts().url}/first-run?token=used-or-made-up`)
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible()
  await expectAccessible(page)
})

test('with the worker stopped a backup waits, says why, and can be cancelled', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${facts().url}/plans/${planId}`)
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
  await expect(page.getByText('Queued').first()).toBeVisible()
  await page.getByRole('button', { name: 'Cancel backup' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel backup' }).click()
  await expect(page.getByText('Cancelled').first()).toBeVisible()
})

test('a remote that the worker’s policy does not allow fails with what to do, and nothing is written there', async ({
  page,
}) => {
  await signInAs(page, 'operator')
  const worker = runWorker(place)
  try {
    await visit(page, `${facts().url}/plans/${planId}`)
    await page.getByRole('button', { name: 'Run now' }).click()
    await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
    await expect(page.getByText('Failed').first()).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText(/Add the folder to .localRemoteRoots./)).toBeVisible()
    await expectAccessible(page)
  } finally {
    await worker.stop()
  }
  const failed = await db().backup.findFirstOrThrow({ where: { planId }, orderBy: { sequence: 'desc' } })
  expect(failed.manifestSha256).toBeNull()
})

test('a viewer sees everything and is offered nothing that changes', async ({ page }) => {
  await signInAs(page, 'viewer')
  await visit(page, `${facts().url}/plans/${planId}`)
  await expect(page.getByRole('button', { name: 'Run now' })).toHaveCount(0)
  for (const path of ['/instances/new', '/remotes/new', '/plans/new']) {
    const answer = await page.request.get(`${facts().url}${path}`)
    expect(answer.status(), path).toBe(403)
  }
})

test('a computer whose clock is two days ahead still tells when a backup was made by the server’s clock', async ({
  page,
}) => {
  await signInAs(page, 'viewer')
  const { instance, plan } = await createScene(db())
  const ofPlan = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug }
  await createBackup(db(), ofPlan, {
    state: 'failed',
    requestedAt: new Date(Date.now() - 3 * 3_600_000),
  })
  await page.clock.install({ time: Date.now() + 2 * 86_400_000 })
  await visit(page, `${facts().url}/backups?instance=${instance.slug}`)
  await expect(page.getByText(/^3 h(ours)? ago$/).first()).toBeVisible()
})
