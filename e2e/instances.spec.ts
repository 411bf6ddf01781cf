import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { control } from '@/core/audit/actor'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { createInstance } from '@/scripts/test-rows'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

const slug = ownName('wt-settings')
const rightToLeft = 'محطة بياض 👩‍🔬'

/** An administrator describes an instance, finds out what is not covered, mends it, and loses nothing when the session ends. */
test('an instance is described, and what Girder keeps outside its sources is found and mended', async ({
  page,
  context,
}) => {
  const { url, folder, instanceFolder, configFolder, mongodbUrl } = surroundings()
  const place: WorkerPlace = {
    folder: join(folder, 'worker-settings'),
    sourceRoots: [instanceFolder],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remote')],
  }
  const worker = await prepare(place, { mongodbUrl, instanceFolder })
  try {
    await signInAs(page, 'admin')

    await test.step('a session that ended keeps what was typed, and the form is sent after signing in apart', async () => {
      await visit(page, `${url}/instances/${slug}/edit`)
      await page.getByLabel('Name').fill(rightToLeft)
      await page.getByLabel('Owner').fill('Ada, +1 217 555 0100')
      await page.getByLabel('Time zone').selectOption('America/Chicago')
      await page.getByLabel('Hours of work that may be lost').fill('24')
      await page.getByLabel('Hours that a restore may take').fill('soon')
      await page
        .getByLabel('Notes')
        .fill('## On call\n\n[Wiki](https://wiki.example.org) and [trap](javascript:alert(1))')
      await db().session.updateMany({ data: { revokedAt: new Date() } })
      await page.getByRole('button', { name: 'Save' }).click()
      const [apart] = await Promise.all([
        context.waitForEvent('page'),
        page.getByRole('link', { name: 'Sign in in a new tab' }).click(),
      ])
      await apart.getByLabel('E-mail').fill('admin@stories.example.org')
      await apart.getByLabel('Password').fill('a password of the stories')
      await apart.getByRole('button', { name: 'Sign in' }).click()
      await expect(apart.getByRole('heading', { name: 'You are signed in' })).toBeVisible()
      await expectAccessible(apart)
      await apart.close()
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByText('Enter a whole number of hours')).toBeVisible()
      await page.getByLabel('Hours that a restore may take').fill('8')
      await page.getByRole('button', { name: 'Save' }).click()
      await expect(page.getByRole('heading', { level: 1, name: rightToLeft })).toBeVisible()
    })

    await test.step('the page of the instance shows it, and links of notes lead nowhere unsafe', async () => {
      await expect(page.getByText('Ada, +1 217 555 0100')).toBeVisible()
      await expect(page.getByRole('heading', { name: 'On call' })).toBeVisible()
      await expect(page.getByRole('link', { name: 'Wiki' })).toHaveAttribute('rel', /noopener/)
      await expect(page.getByRole('link', { name: 'trap' })).toHaveCount(0)
    })

    await test.step('the worker finds what no source covers, and each click mends one thing', async () => {
      await page.getByRole('button', { name: 'Discover' }).click()
      await expect(page.locator('[data-finding=warning]').first()).toBeVisible()
      await looksRight(page)
      await page.getByRole('button', { name: 'Dump girder_assets too' }).click()
      await expect(page.getByText('mongo dumps girder_assets too.')).toBeVisible()
      await page.getByRole('button', { name: '/mnt is the tree homes' }).first().click()
      await expect(page.getByText('homes is what Girder calls /mnt.')).toBeVisible()
      await page.getByRole('button', { name: 'Discover' }).click()
      await expect(page.getByText('All that Girder names is covered by a source.')).toBeVisible()
    })

    await test.step('a tree tells its size, and patterns what they stand for', async () => {
      await visit(page, `${url}/instances/${slug}/sources/homes`)
      await page.getByRole('button', { name: 'Check now' }).click()
      await expect(page.getByText('used on its filesystem')).toBeVisible()
      await looksRight(page)
      await visit(page, `${url}/instances/${slug}/sources/new?kind=config`)
      await page.getByLabel('Paths').fill(`${configFolder}/*.json`)
      await page.getByLabel('Taken where they are there').fill(`${configFolder}/*.lic`)
      await page.getByRole('button', { name: 'Add the source' }).click()
      await expect(page).toHaveURL(/\/sources\/config$/)
      await page.getByRole('button', { name: 'Check now' }).click()
      await expect(page.getByText(join(configFolder, 'acme.json'))).toBeVisible()
    })

    await test.step('a container source shows the command line that it will be dumped with', async () => {
      await visit(page, `${url}/instances/${slug}/sources/mongo`)
      await page.getByLabel('Reached').selectOption('container')
      await page.getByLabel('Image').fill('mongo:3.2')
      await expect(page.getByLabel('Command line of the dump')).toContainText('--network=wt_mongo')
    })

    await test.step('the page of the worker tells how it stands', async () => {
      await visit(page, `${url}/instances/${slug}/workers/fileserver`)
      await expect(page.getByText('Nothing now.')).toBeVisible()
      await expect(page.getByText(/free of/)).toBeVisible()
      await db().worker.updateMany({ where: { instance: { slug } }, data: { clockSkewSeconds: -45 } })
      await page.reload()
      await looksRight(page)
    })
  } finally {
    await worker.stop()
  }
})

async function prepare(place: WorkerPlace, sample: { mongodbUrl: string; instanceFolder: string }) {
  const instance = await createInstance(db(), { slug, name: 'Whole Tale', environment: 'production' })
  const { token } = await makeEnrolment(control, { instanceId: instance.id, workerSlug: 'fileserver' })
  await enrolWorker(place, surroundings().url, token)
  const { id, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId: instance.id } })
  await confirmWorker(control, { workerId: id, fingerprint: fingerprintOf(keySha256) })
  await createSource(control, slug, {
    ...{ kind: 'mongodb', slug: 'mongo', workerId: id, reach: 'direct', connection: sample.mongodbUrl },
    ...{ databases: ['girder'], consistency: 'best', tools: 'auto' },
  })
  await createSource(control, slug, {
    ...{ kind: 'tree', slug: 'homes', workerId: id, path: sample.instanceFolder, exclude: [] },
    ...{ oneFileSystem: true, mustBeMount: false, mountPoint: undefined, girderPath: undefined },
  })
  return runWorker(place)
}

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}
