import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { sftpRemote, type TrialRemote } from '@/engine/remote/loopback-servers'
import { createInstance } from '@/core/instances/create-instance'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { obscure } from '@/lib/rclone-obscure'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** Remotes set up in the browser alone, against a real SFTP server, by way of a real worker and its rclone. */
const slug = ownName('remotes')
let worker: ReturnType<typeof runWorker>
let server: TrialRemote
let workerLabel: string

test.beforeAll(async () => {
  const folder = join(surroundings().folder, slug)
  mkdirSync(folder, { recursive: true })
  const place: WorkerPlace = {
    folder: join(folder, 'worker'),
    sourceRoots: [folder],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'disks')],
  }
  const { id: instanceId } = await createInstance(actor, { slug, name: slug, environment: 'production' })
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'keeper' })
  await enrolWorker(place, surroundings().url, token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  workerLabel = `keeper (${slug})`
  worker = runWorker(place, {}, ['--heartbeat', '0.5'])
  server = await sftpRemote()
})
test.afterAll(async () => {
  await worker.stop()
  await server.stop()
})

test('an SFTP server: its key compared and pinned, a folder made by browsing, encrypted, tested', async ({ page }) => {
  if (server.remote.backend !== 'sftp') throw new Error('not SFTP')
  const { port, pass = '', host_key: hostKey } = server.remote.options
  await signInAs(page, 'admin')
  await visit(page, `${surroundings().url}/remotes/new`)
  await page.getByLabel('Kind').selectOption('sftp')
  await page.getByLabel('Name').fill('Off-site')
  await page.getByLabel('Slug').fill('off-site')
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1')
  await page.getByLabel('Port').fill(port)
  await page.getByLabel('User', { exact: true }).fill('keeper')
  await page.locator('input[name=pass]').fill(pass)
  await page.getByLabel('From worker').selectOption({ label: workerLabel })

  await test.step('the host key is fetched, compared and pinned', async () => {
    await page.getByRole('button', { name: 'Fetch it from the server' }).click()
    await expect(page.getByText(/SHA256:/)).toBeVisible({ timeout: 30_000 })
    await page.getByRole('button', { name: 'They are the same: pin them' }).click()
    await expect(page.getByLabel('Host key of the server')).toHaveValue(hostKey)
  })

  await test.step('the base folder is made and chosen by browsing', async () => {
    await page.getByRole('button', { name: 'Browse…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Choose the base folder' })
    await expect(dialog.getByText('No folder in here.')).toBeVisible({ timeout: 30_000 })
    await expectAccessible(page)
    await dialog.getByLabel('New folder in here').fill('Hidden')
    await dialog.getByRole('button', { name: 'Make' }).click()
    await expect(dialog.getByText('Hidden', { exact: true })).toBeVisible()
    await expect(dialog.getByText('No folder in here.')).toBeVisible({ timeout: 30_000 })
    await dialog.getByRole('button', { name: 'Choose this folder' }).click()
    await expect(page.locator('input[name=baseFolder]')).toHaveValue('Hidden')
    expect(existsSync(join(server.folder, '..', 'Hidden'))).toBe(true)
  })

  await test.step('it is encrypted, and not saved before the passwords are kept', async () => {
    await page.getByLabel('Encrypt all that lies').check()
    await expect(page.getByText('Save this text before you go on')).toBeVisible()
    await expectAccessible(page)
    await expectFitsPhone(page)
    await page.getByRole('button', { name: 'Add remote' }).click()
    await expect(page.getByText('Save the text first, then tick this')).toBeVisible()
    await page.getByLabel('I have saved this text').check()
  })

  await test.step('it is tested, and added', async () => {
    await page.getByRole('button', { name: 'Test this remote' }).click()
    await expect(page.getByText('This remote works')).toBeVisible({ timeout: 60_000 })
    await expect(page.getByText('It tells no checksum that Talekeeper can compute')).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Add remote' }).click()
    await page.getByRole('link', { name: 'Off-site' }).click()
    await expect(page.getByRole('heading', { level: 1, name: 'Off-site' })).toBeVisible()
    await expect(page.getByText('Content and names, by rclone’s crypt.')).toBeVisible()
    await expectAccessible(page)
    await expectFitsPhone(page)
  })
})

test('a backend without a form of its own gets one from the worker’s rclone', async ({ page }) => {
  await signInAs(page, 'admin')
  await visit(page, `${surroundings().url}/remotes/new`)
  await page.getByLabel('Kind').selectOption('seafile')
  await expect(page.getByLabel('Two-factor').or(page.getByText('Two-factor authentication')).first()).toBeVisible({
    timeout: 30_000,
  })
  await expectAccessible(page)
  await expectFitsPhone(page)
})

test('an rclone.conf is looked at, told what is left out, and imported', async ({ page }) => {
  await signInAs(page, 'admin')
  await visit(page, `${surroundings().url}/remotes/rclone-conf`)
  const secret = 'marker-of-the-story'
  await page
    .getByLabel('Content of rclone.conf')
    .fill(
      [
        ...['[cloud]', 'type = webdav', 'url = https://cloud.example.org/dav', 'vendor = nextcloud', 'user = wt'],
        ...[`pass = ${obscure(secret)}`, 'bearer_token_command = sh -c id', '[many]', 'type = union'],
      ].join('\n'),
    )
  await page.getByRole('button', { name: 'Look what is in it' }).click()
  await expect(page.getByText('bearer_token_command runs a program')).toBeVisible()
  await expect(page.getByText('stands before other remotes')).toBeVisible()
  await expectAccessible(page)
  await expectFitsPhone(page)
  await page.getByRole('button', { name: 'Import what is ticked' }).click()
  await expect(page.getByText('The remote is added.')).toBeVisible()
  const row = await db().remote.findUniqueOrThrow({ where: { slug: 'cloud' } })
  expect(JSON.stringify(row)).not.toContain(secret)
  await page.getByRole('link', { name: 'To the remotes' }).click()
  await expect(page.getByRole('link', { name: 'cloud' })).toBeVisible()
})
