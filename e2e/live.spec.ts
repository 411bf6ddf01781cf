import type { Page, Route } from '@playwright/test'
import { noIncidents } from '@/core/live/schema'
import { db } from '@/lib/db'
import { createBackup } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { expect, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/**
 * What goes on arrives by itself: over a stream that breaks, after a night in which the computer slept, and where no stream gets
 * through. Facts are written as control and workers would write them.
 */

test.use({ forgiven: /net::ERR_(FAILED|INTERNET_DISCONNECTED|ABORTED)/ })
test.afterEach(async () => {
  await db().backup.updateMany({ where: { state: 'running' }, data: { state: 'cancelled', finishedAt: new Date() } })
})

async function createRunning() {
  const { instance, plan, worker } = await createScene(db())
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const run = await createBackup(db(), facts, { state: 'running', startedAt: new Date() })
  return { run, plan, instance, facts }
}

function report(backupId: string, gibibytes: number) {
  const amounts = { doneBytes: gibibytes * 1024 ** 3, totalBytes: 4 * 1024 ** 3, uploadedBytes: 0 }
  const progress = { phase: 'files', subject: 'homes', bytesPerSecond: 1024 ** 2, at: new Date().toISOString() }
  return db().backupTask.updateMany({ where: { backupId }, data: { progress: { ...progress, ...amounts } } })
}

const end = (id: string) => db().backup.update({ where: { id }, data: { state: 'failed', finishedAt: new Date() } })
const rowOf = (page: Page, id: string) => page.locator(`[data-run="${id}"]`)
const isStream = (route: Route) => route.request().headers().accept?.includes('text/event-stream')

/** A page that was loaded again, by whatever means, has lost the mark. */
const mark = (page: Page) => page.evaluate(() => document.documentElement.setAttribute('data-marked', ''))
const expectNotReloaded = (page: Page) => expect(page.locator('html[data-marked]')).toHaveCount(1)

test('a stream that the server ends is opened again, and goes on where it was', async ({ page }) => {
  const { run } = await createRunning()
  await report(run.id, 1)
  let streams = 0
  await page.route('**/api/live', async (route) => {
    if (!isStream(route) || ++streams > 1) return route.continue()
    const state = { version: 'of a server that goes away', runs: [], incidents: noIncidents }
    const body = `event: state\ndata: ${JSON.stringify(state)}\n\n`
    await route.fulfill({ contentType: 'text/event-stream', body })
  })
  await signInAs(page, 'viewer')
  await mark(page)
  await expect(rowOf(page, run.id)).toContainText('1 GiB of about 4 GiB')
  await expect.poll(() => streams).toBeGreaterThan(1)
  await report(run.id, 3)
  await expect(rowOf(page, run.id).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '75')
  await expectNotReloaded(page)
})

test('offline is said, and a page that slept for a night is right again once it is back', async ({ page, context }) => {
  await page.clock.install()
  const { run } = await createRunning()
  await signInAs(page, 'viewer')
  await expect(rowOf(page, run.id)).toBeVisible()
  await mark(page)

  await context.setOffline(true)
  await page.clock.runFor(10_000)
  await expect(page.getByText('The dashboard does not answer.')).toBeVisible()
  await end(run.id)
  const { run: next } = await createRunning()
  await page.clock.fastForward('09:00:00')
  await page.clock.runFor(180_000)
  await expect(rowOf(page, run.id)).toBeVisible()

  await context.setOffline(false)
  await page.clock.runFor(10_000)
  await expect(rowOf(page, next.id)).toBeVisible()
  await expect(rowOf(page, run.id)).toHaveCount(0)
  await expect(page.getByText('The dashboard does not answer.')).toHaveCount(0)
  await expectNotReloaded(page)
})

test('a stream that died in a sleep, of which nobody told the browser, is given up', async ({ page }) => {
  await page.clock.install()
  const { run } = await createRunning()
  await signInAs(page, 'viewer')
  await report(run.id, 2)
  // only the stream tells of it: it is open, and spoke
  await expect(rowOf(page, run.id).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50')
  const another = page.waitForRequest((request) => request.url().endsWith('/api/live'))
  await page.clock.fastForward('03:00:00')
  await page.clock.runFor(6000)
  await another
})

test('where no stream gets through, the same arrives by asking', async ({ page }) => {
  await page.route('**/api/live*', (route) => (isStream(route) ? route.abort() : route.continue()))
  await page.clock.install()
  const { run } = await createRunning()
  await report(run.id, 1)
  await signInAs(page, 'viewer')
  await mark(page)
  await report(run.id, 2)
  await page.clock.runFor(6000)
  await expect(rowOf(page, run.id).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50')
  await end(run.id)
  await page.clock.runFor(6000)
  await expect(rowOf(page, run.id)).toHaveCount(0)
  await expect(page.getByText('The dashboard does not answer.')).toHaveCount(0)
  await expectNotReloaded(page)
})

test('lists are drawn anew when a run begins and ends, but not while somebody types', async ({ page }) => {
  const { run, instance, plan, facts } = await createRunning()
  await end(run.id)
  await signInAs(page, 'operator')
  const ofPlan = page.getByRole('table', { name: 'Latest backups of this plan' })
  const lists = [
    { address: `/backups?instance=${instance.slug}`, rows: page.getByRole('table', { name: 'Backups', exact: true }) },
    { address: `/instances/${instance.slug}`, rows: page.getByRole('table', { name: 'Recent backups' }) },
    { address: `/plans/${plan.id}`, rows: ofPlan },
  ]
  for (const { address, rows } of lists) {
    await visit(page, `${surroundings().url}${address}`)
    await mark(page)
    await expect(rows.getByText('Running')).toHaveCount(0)
    const { id } = await createBackup(db(), facts, { state: 'running', startedAt: new Date() })
    await expect(rows.getByText('Running')).toBeVisible()
    await end(id)
    await expect(rows.getByText('Running')).toHaveCount(0)
    await expectNotReloaded(page)
  }

  await page.getByRole('button', { name: 'Run with a note' }).click()
  await page.getByRole('textbox', { name: 'Note' }).fill('Before the upgrade')
  const told = page.waitForResponse((answer) => answer.url().endsWith('/api/live'))
  await page.evaluate(() => window.dispatchEvent(new Event('offline')))
  await createBackup(db(), facts, { state: 'running', startedAt: new Date() })
  await told
  const isDrawn = page.waitForRequest((request) => request.headers().rsc === '1')
  const isTyped = page.keyboard.type(' to 1.3', { delay: 200 }).then(() => 'typed')
  expect(await Promise.race([isDrawn, isTyped])).toBe('typed')
  await expect(page.getByRole('textbox', { name: 'Note' })).toHaveValue('Before the upgrade to 1.3')
  await page.keyboard.press('Escape')
  await isDrawn
  await expect(ofPlan.getByText('Running')).toBeVisible()
})
