import { randomUUID } from 'node:crypto'
import { db } from '@/lib/db'
import {
  createBackup,
  createGoodBackup,
  createInstance,
  createPlan,
  createRemote,
  createSource,
  createWorker,
} from '@/scripts/test-rows'
import { expect, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/**
 * The page of thirty seconds a day: it tells of each instance how it stands and why, and what goes on arrives by itself.
 * Facts are written as control and workers would write them.
 */

const hour = 3_600_000
const hoursAgo = (hours: number) => new Date(Date.now() - hours * hour)

test.afterEach(async () => {
  await db().backup.updateMany({ where: { state: 'running' }, data: { state: 'cancelled', finishedAt: new Date() } })
})

async function createGuarded(name: string, lastGoodHoursAgo: number) {
  const instance = await createInstance(db(), {
    slug: `o-${randomUUID().slice(0, 8)}`,
    name,
    environment: 'production',
  })
  const worker = await createWorker(db(), instance.id, { slug: 'fileserver' })
  const source = await createSource(db(), instance.id, worker.id)
  const remote = await createRemote(db(), { slug: `o-${randomUUID().slice(0, 8)}` })
  const cronHour = hoursAgo(lastGoodHoursAgo % 24).getUTCHours()
  const plan = await createPlan(
    db(),
    { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id },
    {
      name: `${name} nightly`,
      cron: `0 ${cronHour} * * *`,
      timeZone: 'UTC',
      scheduledFrom: hoursAgo(lastGoodHoursAgo),
    },
  )
  const at = hoursAgo(lastGoodHoursAgo)
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  const good = await createGoodBackup(db(), facts, {
    plannedAt: at,
    startedAt: at,
    requestedAt: at,
    finishedAt: at,
    bytes: 5_000_000,
  })
  return { instance, plan, worker, remote, good, facts }
}

test('the overview tells how each instance stands, and why', async ({ page }) => {
  const well = await createGuarded('Well kept', 2)
  await signInAs(page, 'viewer')
  const card = page.locator('li[data-health]').filter({ hasText: 'Well kept' }).first()
  await expect(card).toHaveAttribute('data-health', 'protected')
  await expect(card).toContainText(/Last good backup 2 h( \d+ min)? ago · verified on the remote · restorable/)
  await expect(card).toContainText(/next (today|tonight|tomorrow) \d\d:00 UTC \(in \d+ h/)
  await expect(card).toContainText('never drilled')

  await test.step('a shrink guard puts it at risk, in words that lead to the plan', async () => {
    await db().plan.update({
      where: { id: well.plan.id },
      data: { heldReason: 'Collection item is gone.', heldAt: new Date() },
    })
    await visit(page, surroundings().url)
    await expect(card).toHaveAttribute('data-health', 'at risk')
    await card.getByRole('link', { name: /shrink guard .* Collection item is gone/ }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Well kept nightly' })).toBeVisible()
    await expect(page.locator('[data-health="at risk"]').first()).toBeVisible()
    await visit(page, `${surroundings().url}/instances/${well.instance.slug}`)
    await expect(page.locator('[data-health="at risk"]').first()).toBeVisible()
  })

  await test.step('its last thirty days are told by keyboard, and open the backup of a day', async () => {
    await visit(page, surroundings().url)
    const strip = card.getByRole('slider', { name: 'Last 30 days of Well kept nightly' })
    await strip.focus()
    while (!/good backup/.test((await strip.getAttribute('aria-valuetext')) ?? ''))
      await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(`${surroundings().url}/backups/${well.good.id}`)
  })
})

test('a run appears, moves on and ends without reloading, and a revoked session ends the stream', async ({ page }) => {
  const { facts } = await createGuarded('Followed', 2)
  await signInAs(page, 'viewer')
  await expect(page.getByRole('heading', { name: 'Followed' })).toBeVisible()
  const progress = (doneBytes: number) => ({
    ...{ phase: 'files', subject: 'homes', doneBytes, totalBytes: 4 * 1024 ** 3, bytesPerSecond: 1024 ** 2 },
    ...{ uploadedBytes: 0, at: new Date().toISOString() },
  })
  const run = await createBackup(db(), facts, { state: 'running', startedAt: new Date() })
  const report = (doneBytes: number) =>
    db().backupTask.updateMany({
      where: { backupId: run.id },
      data: { lastSeenAt: new Date(), progress: progress(doneBytes) },
    })
  await report(1024 ** 3)
  const row = page.locator(`[data-run="${run.id}"]`)
  await expect(row).toContainText('1 GiB of about 4 GiB')
  await report(2 * 1024 ** 3)
  await expect(row.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '50')
  await db().backup.update({ where: { id: run.id }, data: { state: 'cancelled', finishedAt: new Date() } })
  await expect(row).toHaveCount(0)
  await expect(page.getByRole('link', { name: /latest backup of “Followed nightly” was cancelled/ })).toBeVisible()

  await db().session.updateMany({
    where: { user: { email: 'viewer@stories.example.org' } },
    data: { revokedAt: new Date() },
  })
  await expect(page).toHaveURL(/\/sign-in/)
})
