import { readFile } from 'node:fs/promises'
import { db } from '@/lib/db'
import {
  createBackup,
  createGoodBackup,
  createInstance,
  createPlan,
  createRemote,
  createWorker,
} from '@/scripts/test-rows'
import { expect, expectAccessible, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

const dayMilliseconds = 86_400_000
let slug: string

test.beforeAll(async () => {
  const instance = await createInstance(db(), { name: 'Bibliothèque 書庫', environment: 'production' })
  const worker = await createWorker(db(), instance.id)
  const remote = await createRemote(db())
  const plan = await createPlan(db(), { instanceId: instance.id, sourceIds: [], remoteId: remote.id }, { paused: true })
  const facts = {
    instanceId: instance.id,
    planId: plan.id,
    planSlug: plan.slug,
    workerId: worker.id,
    remoteId: remote.id,
  }
  slug = instance.slug
  for (let age = 30; age >= 1; age--) {
    const requestedAt = new Date(Date.now() - age * dayMilliseconds)
    await createGoodBackup(db(), facts, { requestedAt, bytes: age === 7 ? 9_000_000 : 1000 + age })
  }
  await createBackup(db(), facts, {
    state: 'failed',
    problem: { code: 'not-mounted', text: '=cmd|calc is not mounted.' },
    finishedAt: new Date(),
  })
})

test('backups are filtered, sorted and looked at by day; the address holds it all, and going back undoes it', async ({
  page,
}) => {
  await signInAs(page, 'viewer')
  await visit(page, `${surroundings().url}/backups?instance=${slug}`)
  await expect(page.getByText('31 backups fit the filter')).toBeVisible()

  await page.getByRole('combobox', { name: 'State' }).selectOption('failed')
  await expect(page.getByText('1 backup fits the filter')).toBeVisible()
  expect(new URL(page.url()).searchParams.get('state')).toBe('failed')
  await page.goBack()
  await expect(page.getByText('31 backups fit the filter')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'State' })).toHaveValue('')

  await page.getByRole('link', { name: 'Size' }).click()
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending')
  const largest = page.getByRole('table', { name: 'Backups', exact: true }).getByRole('row').nth(1)
  await expect(largest.getByText('8.58 MiB')).toBeVisible()

  const today = page.locator('[data-day][tabindex="0"]')
  await today.focus()
  await page.keyboard.press('ArrowLeft')
  await expect(page.locator('[data-day]:focus')).toHaveText(/1 succeeded/)
  await page.keyboard.press('Enter')
  await expect(page.getByText('1 backup fits the filter')).toBeVisible()
  await expect(page.locator('[data-day][aria-current="date"]')).toBeVisible()
  await page.getByRole('button', { name: /More filters/ }).click()
  await page.getByRole('button', { name: /More filters/ }).click()
  await expect(page.getByLabel('From', { exact: true })).not.toHaveValue('')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Show all' }).click()
  await expect(page).toHaveURL(/backups\?zone=UTC&sort=size/)
})

test('what is filtered is exported: a file that no browser shows and no spreadsheet runs', async ({ page }) => {
  await signInAs(page, 'viewer')
  await visit(page, `${surroundings().url}/backups?instance=${slug}&state=failed`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export as CSV' }).click(),
  ])
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n')
  expect(lines).toHaveLength(2)
  expect(lines[1]).toContain(`${slug},Bibliothèque 書庫,production,`)
  expect(lines[1]).toMatch(/,'=cmd\|calc is not mounted\.$/)

  const address = `${surroundings().url}/api/backups/export?instance=${slug}&format=`
  const json = await page.request.get(`${address}json`)
  expect(json.headers()['content-disposition']).toMatch(/^attachment/)
  expect(json.headers()['x-content-type-options']).toBe('nosniff')
  expect(json.headers()['content-security-policy']).toContain('sandbox')
  expect(await json.json()).toHaveLength(31)
  expect((await page.request.get(`${address}csv&state=exploded`)).status()).toBe(400)
})

test('nonsense in the address is left out with a plain note', async ({ page }) => {
  await signInAs(page, 'viewer')
  await visit(page, `${surroundings().url}/backups?instance=${slug}&state=exploded&from=yesterday&page=-1&q=%00%25`)
  await expect(page.getByText('Left out of the filter: state, from, page.')).toBeVisible()
  await visit(page, `${surroundings().url}/backups?instance=no-such-instance`)
  await expect(page.getByText('No backup fits this filter')).toBeVisible()
})
