import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import { db } from '@/lib/db'
import { runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { surroundings } from './surroundings'

/**
 * The story that the product stands for: an administrator sets it up from nothing, sees a real backup being made by a real
 * worker, restores it, and is shown that every document and every file is identical.
 */
test('from the first sign-in to a restore that is identical', async ({ page }) => {
  const { url, firstRunUrl, folder, instanceFolder, configFolder, mongodbUrl } = surroundings()
  const place: WorkerPlace = {
    folder: join(folder, 'worker'),
    sourceRoots: [instanceFolder],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remote')],
  }

  await test.step('the first administrator is made by a one-time link', async () => {
    await visit(page, firstRunUrl)
    await page.getByLabel('Your name').fill('Ada Admin')
    await page.getByLabel('E-mail').fill('ada@example.org')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByLabel('Password again').fill('correct horse battery')
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible()
  })

  await test.step('an instance is registered', async () => {
    await visit(page, `${url}/instances/new`)
    await page.getByLabel('Name').fill('Whole Tale testing')
    await page.getByLabel('Slug').fill('wt-test')
    await page.getByLabel('Environment').selectOption('testing')
    await page.getByRole('button', { name: 'Register' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Whole Tale testing' })).toBeVisible()
  })

  await test.step('a worker is enrolled with the one command, and confirmed by its fingerprint', async () => {
    await visit(page, `${url}/instances/wt-test/workers/new`)
    await page.getByLabel('Folders it may back up').fill(place.sourceRoots.join('\n'))
    await page.getByLabel('Folders it may restore into').fill(place.restoreRoots.join('\n'))
    await page.getByLabel('Folders that may be remotes').fill(place.localRemoteRoots.join('\n'))
    await page.getByRole('button', { name: 'Make the command' }).click()
    const command = await page.getByLabel('Command to paste').locator('code').innerText()
    const output = await paste(command, place)
    await expect(page.getByText('Compare and confirm')).toBeVisible()
    const fingerprint = /(?:[0-9a-f]{4} ){7}[0-9a-f]{4}/.exec(output)?.[0] ?? 'none printed'
    await expect(page.getByText(fingerprint)).toBeVisible()
    await page.getByRole('button', { name: /confirm/i }).click()
    await expect(page.getByText('Start the worker')).toBeVisible()
  })

  const worker = runWorker(place)
  try {
    await test.step('the worker turns green when it calls', async () => {
      await expect(page.getByText('The worker “fileserver” is connected.')).toBeVisible()
      await looksRight(page)
    })

    await test.step('what to back up is said: MongoDB, a tree, configuration files', async () => {
      await addSource(page, 'mongodb', { Connection: mongodbUrl })
      await addSource(page, 'tree', { Path: instanceFolder, 'Left out': configFolder, mounted: false })
      await addSource(page, 'config', { Paths: configFolder })
      await visit(page, `${url}/instances/wt-test`)
      await looksRight(page)
    })

    await test.step('a remote is added', async () => {
      await visit(page, `${url}/remotes/new`)
      await page.getByLabel('Kind').selectOption('local')
      await page.getByLabel('Name').fill('Disk of the institute')
      await page.getByLabel('Slug').fill('institute-disk')
      await page.getByRole('textbox', { name: 'Base folder' }).fill(join(folder, 'remote', 'WT'))
      await page.getByRole('button', { name: 'Add remote' }).click()
      await page.getByRole('link', { name: 'Disk of the institute' }).click()
      await expect(page.getByRole('heading', { level: 1, name: 'Disk of the institute' })).toBeVisible()
    })

    await test.step('a remote is tested from the worker', async () => {
      await page.getByRole('button', { name: 'Test this remote' }).click()
      await expect(page.getByText('Compare both')).toBeVisible()
    })

    await test.step('a nightly plan is made', async () => {
      await visit(page, `${url}/plans/new`)
      await page.getByLabel('Name').fill('Nightly')
      await page.getByLabel('Slug').fill('nightly')
      for (const source of await page.getByRole('checkbox').all()) await source.check()
      await looksRight(page)
      await page.getByRole('button', { name: 'Make plan' }).click()
      await expect(page.getByRole('heading', { level: 1, name: 'Nightly' })).toBeVisible()
    })

    await test.step('a backup runs now, and is followed live to its end', async () => {
      await page.getByRole('button', { name: 'Run now' }).click()
      await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
      await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 60_000 })
      await expect(page.getByText('files.tar.zst').first()).toBeVisible()
    })

    await test.step('it is restored beside, and everything is identical', async () => {
      await page.getByRole('link', { name: 'Restore', exact: true }).click()
      await page.getByText('Folder and copy').click()
      await page.getByLabel('Folder on its host').fill(join(folder, 'restored', 'first'))
      await page.getByLabel('Folder on its host').press('Enter')
      await expect(page).toHaveURL(/folder=/)
      await page.getByRole('button', { name: 'Check', exact: true }).click()
      await page.getByLabel('Reason').fill('The first restore')
      for (const box of await page.locator('input[name="accepted"]').all()) await box.check()
      await looksRight(page)
      await page.getByRole('button', { name: 'Restore beside' }).click()
      await expect(page).toHaveURL(/\/restores\/[0-9a-f-]{36}$/)
      await expect(page.getByRole('heading', { name: 'Identical' })).toBeVisible({ timeout: 60_000 })
    })

    await test.step('the overview says so, and every list shows it', async () => {
      const plan = await db().plan.findFirstOrThrow({ where: { slug: 'nightly' } })
      const remote = await db().remote.findFirstOrThrow({ where: { slug: 'institute-disk' } })
      const lists = ['/', '/instances', '/plans', '/backups', '/restores', '/remotes', '/audit', '/account']
      const ofInstance = ['', '/edit', '/workers/fileserver', '/sources/mongo'].map(
        (path) => `/instances/wt-test${path}`,
      )
      for (const path of [...lists, ...ofInstance, `/plans/${plan.id}/edit`, `/remotes/${remote.id}`]) {
        await visit(page, `${url}${path}`)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      }
    })
  } finally {
    await worker.stop()
  }
})

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}

/** Runs the command as it stands on the page, with the built program and this test's own folders in place of the host's. */
async function paste(command: string, place: WorkerPlace): Promise<string> {
  const where = `--state ${join(place.folder, 'state')} --policy ${join(place.folder, 'policy.json')}`
  const own = command.replace('talekeeper-worker', `node dist/talekeeper-worker.mjs ${where}`)
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', `mkdir -p ${place.folder} && ${own}`])
  return stdout + stderr
}

async function addSource(page: Page, kind: string, fields: Record<string, string | boolean>): Promise<void> {
  await visit(page, `${surroundings().url}/instances/wt-test/sources/new?kind=${kind}`)
  for (const [label, value] of Object.entries(fields)) {
    if (typeof value === 'string') await page.getByLabel(new RegExp(`^${label}`)).fill(value)
    else await page.getByLabel('It is a mounted volume').setChecked(value)
  }
  await page.getByRole('button', { name: 'Add the source' }).click()
  await expect(page).toHaveURL(/\/sources\/(?!new)/)
}
