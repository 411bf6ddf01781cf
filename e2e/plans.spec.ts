import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { db } from '@/lib/db'
import {
  createGoodBackup,
  createInstance,
  createPlan,
  createRemote,
  createSource,
  createWorker,
} from '@/scripts/test-rows'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

const day = 86_400_000
const url = () => surroundings().url
let planId: string
let workerId: string

/** A plan of its own with thirty nights behind it; its schedule begins in a month, so that control makes no run of it. */
test.beforeAll(async () => {
  // a failed story starts the process anew, and its counted slugs with it
  const slug = `plans-${randomBytes(4).toString('hex')}`
  const instance = await createInstance(db(), { slug, name: 'Instance of plans' })
  const worker = await createWorker(db(), instance.id)
  const source = await createSource(db(), instance.id, worker.id, { slug: 'homes' })
  const remote = await createRemote(db(), { slug })
  const plan = await createPlan(
    db(),
    { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id, keepDays: 90 },
    { name: 'Nights', cron: '0 2 * * *', scheduledFrom: new Date(Date.now() + 30 * day) },
  )
  planId = plan.id
  workerId = worker.id
  const facts = { instanceId: instance.id, planId, planSlug: plan.slug, workerId, remoteId: remote.id }
  for (let night = 30; night > 0; night--)
    await createGoodBackup(db(), facts, { finishedAt: new Date(Date.now() - night * day), bytes: 1_000_000n })
})

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}

test('promise: a retention shows what it does to every backup before it is saved, and deletes only what is confirmed', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  await visit(page, `${url()}/plans/${planId}/edit`)
  const outcome = page.getByRole('region', { name: 'What this retention does' })
  await expect(outcome).toContainText('30 stay and 0 go')
  await page.getByLabel('Days', { exact: true }).fill('0')
  await page.getByLabel('Daily', { exact: true }).fill('7')
  await page.getByLabel('Weekly', { exact: true }).fill('3')
  await expect(outcome).toContainText('goes')
  await expect(outcome).toContainText('weekly')
  await expect(outcome).toContainText('In 90 days')
  await looksRight(page)
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('alert').filter({ hasText: /deletes \d+ backups/ })).toBeVisible()
  await page.getByRole('checkbox', { name: /^Delete \d+ backups that are kept today/ }).check()
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page).toHaveURL(new RegExp(`/plans/${planId}$`))
  await expect(page.getByText('7 daily, 3 weekly; never fewer than 1')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Waiting to be removed' })).toBeVisible()
})

test('promise: of two tabs that edit one plan, the later is told what changed, and neither loses anything', async ({
  page,
  context,
}) => {
  await signInAs(page, 'admin')
  const other = await context.newPage()
  for (const tab of [page, other]) await visit(tab, `${url()}/plans/${planId}/edit`)
  await other.getByLabel('Cron expression').fill('30 3 * * *')
  await other.getByRole('button', { name: 'Save changes' }).click()
  await expect(other).toHaveURL(new RegExp(`/plans/${planId}$`))
  await page.getByLabel('Name', { exact: true }).fill('Nights renamed')
  await page.getByRole('button', { name: 'Save changes' }).click()
  const notice = page.getByRole('alert').filter({ hasText: 'changed this plan while you edited it' })
  await expect(notice).toContainText('0 2 * * *')
  await expect(notice).toContainText('30 3 * * *')
  await looksRight(page)
  await notice.getByRole('button', { name: 'Save mine as well' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Nights renamed' })).toBeVisible()
  await expect(page.getByText('At 03:30, every day')).toBeVisible()
})

test('blackouts move the runs that are shown, and the calendar tells of the week and its collisions', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  await visit(page, `${url()}/plans/${planId}/edit`)
  await page.getByLabel('Cron expression').fill('0 12 * * *')
  await page.getByRole('button', { name: 'Add a blackout' }).click()
  await expect(page.getByText('after a blackout').first()).toBeVisible()
  await looksRight(page)
  await visit(page, `${url()}/plans/calendar?week=2999&by=remote`)
  await expect(page.getByRole('heading', { name: 'Remotes' })).toBeVisible()
  await expect(page.getByRole('heading', { name: /^Collisions/ })).toBeVisible()
})

test('a plan whose worker was revoked says so, with the way out; a note says why a run was asked for', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  await visit(page, `${url()}/plans/${planId}`)
  await page.getByRole('button', { name: 'Run with a note' }).click()
  await page.getByRole('textbox', { name: 'Note' }).fill('Before the upgrade')
  await page.getByRole('button', { name: 'Run with this note' }).click()
  await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
  await expect(page.getByText('Before the upgrade', { exact: true })).toBeVisible()
  await db().worker.update({ where: { id: workerId }, data: { state: 'revoked' } })
  await visit(page, `${url()}/plans/${planId}`)
  await expect(page.getByText('This plan cannot run')).toBeVisible()
  await expect(page.getByRole('link', { name: /^Enrol “.*” again$/ })).toBeVisible()
  await looksRight(page)
})
