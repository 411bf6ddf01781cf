import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { makeTwoWorkers, type TwoWorkers } from '@/scripts/two-workers'
import { expect, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** One backup of two hosts, as somebody plans it and looks at it. */
const slug = ownName('two-hosts')
let hosts: TwoWorkers
let workers: ReturnType<TwoWorkers['run']>[]

test.beforeAll(async () => {
  hosts = await makeTwoWorkers(join(surroundings().folder, slug), surroundings().url, slug)
  workers = [hosts.fileserver, hosts.manager].map(hosts.run)
})
test.afterAll(() => Promise.all(workers.map((worker) => worker.stop())))

test('a plan over two workers is made and run; each has its stages, and the one that fails is named', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  await visit(page, `${surroundings().url}/plans/new?instance=${slug}`)
  await page.getByLabel('Name').fill('Both hosts')
  await page.getByLabel('Slug').fill('both-hosts')
  for (const worker of ['fileserver', 'manager'])
    await page
      .getByRole('group', { name: `On worker ${worker}` })
      .getByRole('checkbox')
      .check()
  await page.getByLabel('Remote', { exact: true }).selectOption({ label: slug })
  await page.getByRole('button', { name: 'Make plan' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Both hosts' })).toBeVisible()
  const plan = page.url()

  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
  await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 60_000 })
  const stages = page.getByRole('list', { name: 'Workers' }).locator('> li')
  await expect(stages).toHaveCount(2)
  await expect(stages.filter({ hasText: 'fileserver' })).toContainText('Succeeded')
  await expect(stages.filter({ hasText: 'manager' })).toContainText('Succeeded')
  await expect(page.getByText('files.tar.zst', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('files-manager.tar.zst', { exact: true }).first()).toBeVisible()
  await expectFitsPhone(page)

  renameSync(hosts.certificates, `${hosts.certificates}.away`)
  await visit(page, plan)
  await page.getByRole('button', { name: 'Run now' }).click()
  await expect(page.getByText('Worker “manager”: ').first()).toBeVisible({ timeout: 60_000 })
  await expect(stages.filter({ hasText: 'fileserver' })).toContainText('Succeeded')
  await expect(stages.filter({ hasText: 'manager' })).toContainText('Failed')
  renameSync(`${hosts.certificates}.away`, hosts.certificates)
})
