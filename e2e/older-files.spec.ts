import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { requestListing } from '@/core/inspections/request-listing'
import { createInstance } from '@/core/instances/create-instance'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { enrolWorker, runWorker } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** What the scripts before Talekeeper left on a remote that no plan uses yet, found there and restored beside, by the real worker, rclone, tar and a MongoDB. */
const slug = ownName('of-long-ago')
const day = '20220101'
const longEnough = { timeout: 60_000 }
let remoteId: string
let worker: ReturnType<typeof runWorker>
const folderOf = (...names: string[]) => join(surroundings().folder, slug, ...names)

test.beforeAll(async () => {
  leaveOlderFiles(folderOf('remote', 'WT', slug, day))
  const { id: instanceId } = await createInstance(actor, { slug, name: 'Of long ago', environment: 'testing' })
  const place = {
    ...{ folder: folderOf('worker'), sourceRoots: [], restoreRoots: [folderOf('restored')] },
    localRemoteRoots: [folderOf('remote')],
  }
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, surroundings().url, token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  await createSource(actor, slug, {
    ...{ kind: 'mongodb', slug: 'girder', workerId, reach: 'direct', connection: surroundings().mongodbUrl },
    ...{ databases: ['girder'], consistency: 'best', tools: 'built-in' },
  })
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
  const baseFolder = folderOf('remote', 'WT')
  remoteId = (await createRemote(actor, { ...local, slug, name: 'Shelf of long ago', baseFolder })).id
  worker = runWorker(place, {}, ['--heartbeat', '0.5'])
  await requestListing(actor, { instanceId, remoteId })
  await expect.poll(() => db().stranger.count({ where: { inspection: { remoteId } } }), longEnough).toBe(1)
})
test.afterAll(() => worker.stop())

function leaveOlderFiles(folder: string): void {
  const homes = folderOf('homes')
  for (const path of [folder, join(homes, 'ada')]) mkdirSync(path, { recursive: true })
  writeFileSync(join(homes, 'ada', 'thesis.tex'), 'ten years of work')
  writeFileSync(join(homes, 'outside'), 'planted')
  const made = ['-P', '--transform', 's,^outside,../outside,', '-C', homes, '-czf', join(folder, `home-${day}.tgz`)]
  execFileSync('tar', [...made, 'ada', 'outside'])
  const archive = readFileSync(join('engine', 'mongodb', 'fixtures', 'test.bar.archive'))
  writeFileSync(join(folder, `mongodump-${day}.tgz`), gzipSync(archive))
  writeFileSync(join(folder, 'dms.tar'), 'cut off long ago')
}

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}

async function choose(page: Page, name: string): Promise<void> {
  await visit(page, `${surroundings().url}/remotes/${remoteId}`)
  await page.getByRole('link', { name: `Restore beside… ${name}` }).click()
  await expect(page.getByRole('heading', { name: 'Restore of an older file' })).toBeVisible()
}

async function confirm(page: Page, reason: string): Promise<void> {
  await expect(page.getByRole('button', { name: 'Restore beside' })).toBeDisabled()
  await page.getByRole('checkbox', { name: /Nobody signed this file/ }).check()
  await page.getByLabel('Reason').fill(reason)
  await page.getByRole('button', { name: 'Restore beside' }).click()
  await expect(page).toHaveURL(/\/restores\/[0-9a-f-]{36}$/)
}

test('homes of long ago are found on the remote, and come back beside without what leads outside', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/remotes/${remoteId}`)
  await expect(page.getByText('Names that begin with a dot at the top were never in it.')).toBeVisible()
  await looksRight(page)
  await choose(page, `home-${day}.tgz`)
  const folder = folderOf('restored', 'homes')
  await page.getByLabel('Folder on its host').fill(folder)
  await page.getByLabel('Folder on its host').press('Enter')
  await expect(page).toHaveURL(/folder=/)
  await looksRight(page)
  await confirm(page, 'Ada asks for her thesis')

  await expect(page.getByText('../outside').first()).toBeVisible(longEnough)
  await expect(page.getByText('2 entries extracted, 1 refused.')).toBeVisible()
  await looksRight(page)
  expect(readdirSync(folder)).toEqual(['ada'])
  expect(readFileSync(join(folder, 'ada', 'thesis.tex'), 'utf8')).toBe('ten years of work')
  await page.getByRole('link', { name: 'Receipt' }).click()
  await expect(page.getByText('Nothing was compared.')).toBeVisible()
  await looksRight(page)
})

test('a dump of long ago comes back under new names, and a damaged file leaves nothing', async ({ page }) => {
  await signInAs(page, 'operator')
  await choose(page, `mongodump-${day}.tgz`)
  await expect(page.getByLabel('MongoDB server')).toHaveValue(/./)
  await confirm(page, 'What was in it?')
  await expect(page.getByText(/[1-9]\d* documents in [1-9]\d* namespaces restored/)).toBeVisible(longEnough)
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByText('The worker removes the scratch place.')).toBeVisible()
  await expect(page.getByText('removed', { exact: true })).toBeVisible(longEnough)
  await expect(page.getByRole('button', { name: 'Discard' })).toHaveCount(0)

  await choose(page, 'dms.tar')
  await confirm(page, 'Is it whole?')
  await expect(page.getByRole('alert').first()).toBeVisible(longEnough)
  await visit(page, `${surroundings().url}/restores`)
  await expect(page.getByText(`${day}/dms.tar`)).toBeVisible()
  await looksRight(page)
})
