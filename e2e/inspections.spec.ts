import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { requestBackup } from '@/core/backups/request-backup'
import { createInstance } from '@/core/instances/create-instance'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** Looks at a remote that is a folder, which is damaged and mended by hand, by the real worker and rclone. */
const slug = ownName('looked-at')
let remoteFolder: string
let remoteId: string
let backupId: string
let backupFolder: string
let worker: ReturnType<typeof runWorker>

test.beforeAll(async () => {
  const place = makePlace()
  const { id: instanceId } = await createInstance(actor, { slug, name: 'Looked at', environment: 'testing' })
  await enrolWorker(
    place,
    surroundings().url,
    (await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })).token,
  )
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  const source = { kind: 'config', slug: 'config', workerId, paths: place.sourceRoots } as const
  const sourceIds = [await createSource(actor, slug, source)]
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [], baseFolder: remoteFolder }
  remoteId = (await createRemote(actor, { ...local, slug, name: 'Disk that fails' })).id
  const targets = [{ ...targetDefaults, remoteId, keepDays: 7 }]
  const plan = { ...planDefaults, instanceId, slug: 'nightly', name: 'Nightly', sourceIds, targets }
  const { id: planId } = await createPlan(actor, plan)
  worker = runWorker(place, {}, ['--heartbeat', '0.5'])
  backupId = (await requestBackup(actor, planId)).backupId
  const backup = () => db().backup.findUniqueOrThrow({ where: { id: backupId } })
  await expect.poll(async () => (await backup()).state, { timeout: 120_000 }).toBe('succeeded')
  backupFolder = join(remoteFolder, slug, (await backup()).folder ?? '')
})
test.afterAll(() => worker.stop())

function makePlace(): WorkerPlace {
  const folder = join(surroundings().folder, slug)
  remoteFolder = join(folder, 'remote', 'WT')
  mkdirSync(join(folder, 'config'), { recursive: true })
  writeFileSync(join(folder, 'config', 'stack.yaml'), 'services: {}\n')
  return {
    folder: join(folder, 'worker'),
    sourceRoots: [join(folder, 'config')],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remote')],
  }
}

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}
const longEnough = { timeout: 60_000 }

test('a backup is verified again; a part that is gone is shown, and is well again once it is back', async ({
  page,
}) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}`)
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(page.getByText('read back and compared').first()).toBeVisible(longEnough)

  const part = join(backupFolder, 'config.tar.zst.00000')
  renameSync(part, `${part}.away`)
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(page.getByText('config.tar.zst.00000 is missing on the remote.', { exact: true })).toBeVisible(
    longEnough,
  )
  await looksRight(page)

  renameSync(`${part}.away`, part)
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(page.getByText('config.tar.zst.00000 is missing on the remote.', { exact: true })).toHaveCount(
    0,
    longEnough,
  )
  await expect(page.getByText('read back and compared').first()).toBeVisible()
})

test('a remote is checked: what is unknown there is shown with its size, and a backup among it is taken over', async ({
  page,
}) => {
  await signInAs(page, 'admin')
  const folder = join(remoteFolder, slug)
  mkdirSync(join(folder, 'restic'))
  writeFileSync(join(folder, 'restic', 'pack'), 'x'.repeat(2048))
  // as a dashboard that lost its database sees it
  await db().inspection.deleteMany({ where: { backupId } })
  await db().backup.delete({ where: { id: backupId } })

  await visit(page, `${surroundings().url}/remotes/${remoteId}`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText('restic')).toBeVisible(longEnough)
  await expect(page.getByText('2 KiB', { exact: true })).toBeVisible()
  await expect(page.getByText('backup signed by our key')).toBeVisible()
  await looksRight(page)
  await page.getByRole('button', { name: 'Take over…' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take over' }).click()
  await expect(page.getByText('One backup is there; none is missing.')).toBeVisible(longEnough)

  await visit(page, `${surroundings().url}/backups/${backupId}`)
  await expect(page.getByText('Found on the remote and taken over')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Restore', exact: true })).toBeVisible()
})

test('promise: a remote that is away turns no backup to missing, and says so', async ({ page }) => {
  await signInAs(page, 'operator')
  renameSync(remoteFolder, `${remoteFolder}-unmounted`)
  await visit(page, `${surroundings().url}/remotes/${remoteId}`)
  await page.getByRole('button', { name: 'Check now' }).click()
  await expect(page.getByText('The last look did not come to its end')).toBeVisible(longEnough)
  await expect(page.getByText('One backup is there; none is missing.')).toBeVisible()
  await looksRight(page)
  renameSync(`${remoteFolder}-unmounted`, remoteFolder)
})

test('a recovery kit is made with a passphrase, and the page says so', async ({ page }) => {
  await signInAs(page, 'admin')
  await visit(page, `${surroundings().url}/recovery-kit`)
  await page.getByLabel('Passphrase for the kit').fill('a passphrase of the stories')
  await page.getByLabel('Passphrase again').fill('another one of them')
  await page.getByRole('button', { name: 'Download recovery kit' }).click()
  await expect(page.getByText('The two passphrases differ.')).toBeVisible()
  await page.getByLabel('Passphrase again').fill('a passphrase of the stories')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download recovery kit' }).click()
  const file = join(surroundings().folder, slug, 'kit.txt')
  await (await download).saveAs(file)
  expect(readFileSync(file, 'utf8')).toContain('BEGIN TALEKEEPER RECOVERY KIT')
  rmSync(file)
  await expect(page.getByText('There is a kit')).toBeVisible()
})
