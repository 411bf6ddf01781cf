import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Download, Page } from '@playwright/test'
import type { Actor } from '@/core/audit/actor'
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
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** Looking into a backup without fetching it: by the real worker, rclone and a remote that is a folder. */
const actor: Actor = { kind: 'terminal', id: null, name: 'story' }
const large = Buffer.alloc(3_000_000, 'every byte of it is compared ')
const slug = ownName('browsed')
let homes: string
let remoteFolder: string
let planId: string
let backupId: string
let worker: ReturnType<typeof runWorker>

test.beforeAll(async () => {
  const place = await makePlace()
  const { id: instanceId } = await createInstance(actor, { slug, name: 'Browsed', environment: 'testing' })
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, surroundings().url, token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  const tree = { kind: 'tree' as const, path: homes, exclude: [], oneFileSystem: true, mustBeMount: false }
  const sourceId = await createSource(actor, slug, { ...tree, slug: 'homes', workerId })
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
  const remote = await createRemote(actor, { ...local, slug, name: 'Browsed', baseFolder: remoteFolder })
  const targets = [{ ...targetDefaults, remoteId: remote.id, keepDays: 7 }]
  const plan = { ...planDefaults, slug: 'nightly', name: 'Nightly', targets }
  planId = (await createPlan(actor, { ...plan, instanceId, sourceIds: [sourceId] })).id
  worker = runWorker(place)
  backupId = await backUp()
})
test.afterAll(() => worker.stop())

async function makePlace(): Promise<WorkerPlace> {
  const folder = join(surroundings().folder, slug)
  homes = join(folder, 'homes')
  remoteFolder = join(folder, 'remote', 'WT')
  for (const name of ['ada/project', 'bob']) mkdirSync(join(homes, name), { recursive: true })
  writeFileSync(join(homes, 'ada', 'large.bin'), large)
  writeFileSync(join(homes, 'ada', 'Résumé 论文.txt'), 'with an accent')
  writeFileSync(Buffer.concat([Buffer.from(`${homes}/ada/no-utf8-`), Buffer.from([0xff, 0xfe])]), 'odd')
  linkSync(join(homes, 'ada', 'large.bin'), join(homes, 'ada', 'project', 'same.bin'))
  symlinkSync('../large.bin', join(homes, 'ada', 'project', 'link'))
  for (let number = 0; number < 120; number++) writeFileSync(join(homes, 'bob', `run-${number}.log`), `log ${number}\n`)
  const allowed = {
    sourceRoots: [homes],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remote')],
  }
  return { folder: join(folder, 'worker'), ...allowed }
}

async function backUp(): Promise<string> {
  const { backupId: id } = await requestBackup(actor, planId)
  const state = async () => (await db().backup.findUniqueOrThrow({ where: { id } })).state
  await expect.poll(state, { timeout: 60_000 }).toBe('succeeded')
  return id
}

async function download(page: Page, name: string): Promise<Download> {
  const arriving = page.waitForEvent('download')
  await page.getByRole('button', { name, exact: true }).click()
  return arriving
}

test('an operator looks into a backup, finds a file by its name, and downloads it and a home', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}`)
  await page.getByRole('link', { name: 'Browse files' }).click()

  await test.step('the index is fetched once, and the homes are listed', async () => {
    await expect(page.getByRole('link', { name: 'ada', exact: true })).toBeVisible({ timeout: 60_000 })
    await expect(page.getByRole('row', { name: /bob/ })).toContainText('120 entries')
    await looksRight(page)
  })

  await test.step('links, odd names, modes and owners are told', async () => {
    await page.getByRole('link', { name: 'ada', exact: true }).click()
    await expect(page.getByText('no-utf8-\\xff\\xfe')).toBeVisible()
    await expect(page.getByRole('row', { name: /large\.bin/ })).toContainText('-rw-r--r--')
    await page.getByRole('link', { name: 'project', exact: true }).click()
    await expect(page.getByText('→ ../large.bin')).toBeVisible()
    await expect(page.getByText(/another name of .*large\.bin/)).toBeVisible()
  })

  await test.step('a file is found by a part of its name, and downloaded as it was', async () => {
    await page.getByLabel('Find files by name').fill('ÉSUMÉ')
    await expect(page.getByText('1 entry for')).toBeVisible()
    const saved = await download(page, 'Download Résumé 论文.txt')
    expect(saved.suggestedFilename()).toBe('Résumé 论文.txt')
    expect(readFileSync(await saved.path(), 'utf8')).toBe('with an accent')
    await expect(page.getByText('complete and compared with the backup')).toBeVisible()
  })

  await test.step('a hard link brings the content of its first name', async () => {
    await page.getByLabel('Find files by name').fill('project/same')
    const saved = await download(page, 'Download same.bin')
    expect(readFileSync(await saved.path()).equals(large)).toBe(true)
  })

  await test.step('a home comes as .tar.zst that plain tar unpacks', async () => {
    await page.getByRole('link', { name: 'All files' }).click()
    const saved = await download(page, 'Download the folder ada as .tar.zst')
    expect(saved.suggestedFilename()).toBe('ada.tar.zst')
    const place = join(surroundings().folder, slug, 'unpacked')
    mkdirSync(place)
    execFileSync('bash', ['-c', `zstd -dc "$0" | tar -x -C "$1"`, await saved.path(), place])
    expect(readFileSync(join(place, 'ada', 'project', 'same.bin')).equals(large)).toBe(true)
    execFileSync('diff', ['-r', '--no-dereference', join(homes, 'ada'), join(place, 'ada')])
  })

  await test.step('a long folder is paged', async () => {
    await page.getByRole('link', { name: 'bob', exact: true }).click()
    await expect(page.getByText('Page 1 of 2')).toBeVisible()
    await page.getByRole('link', { name: 'Next' }).click()
    await expect(page.getByText('Page 2 of 2')).toBeVisible()
  })

  const events = await db().auditEvent.findMany({ where: { action: 'backup.download' }, orderBy: { id: 'asc' } })
  expect(events.map(({ detail }) => detail)).toHaveLength(3)
})

test('a link is for the person who asked, for one use, and is gone after that; a viewer is offered none', async ({
  page,
  browser,
}) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}/files?q=large.bin`)
  const [request] = await Promise.all([
    page.waitForRequest(/\/api\/downloads\/[\w-]+$/),
    download(page, 'Download large.bin'),
  ])
  expect((await page.request.get(request.url())).status()).toBe(400)

  const stranger = await browser.newPage()
  await signInAs(stranger, 'admin')
  expect((await stranger.request.get(request.url())).status()).toBe(404)
  expect((await stranger.request.get(`${request.url()}/live`)).status()).toBe(404)
  await stranger.close()

  const viewer = await browser.newPage()
  await signInAs(viewer, 'viewer')
  await visit(viewer, `${surroundings().url}/backups/${backupId}/files?q=large.bin`)
  await expect(viewer.getByText('large.bin', { exact: true })).toBeVisible()
  await expect(viewer.getByRole('button', { name: /^Download/ })).toHaveCount(0)
  await viewer.close()
})

test('a damaged index says so, that a restore is still possible, and can be tried again', async ({ page }) => {
  const damaged = await backUp()
  const { folder } = await db().backup.findUniqueOrThrow({ where: { id: damaged } })
  const file = join(remoteFolder, slug, folder ?? '', 'files.index.jsonl.zst.00000')
  const good = readFileSync(file)
  writeFileSync(file, Buffer.from(good).fill(7, 8, 16))
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${damaged}/files`)
  await expect(page.getByText('was altered on the remote')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('can be restored as before')).toBeVisible()
  writeFileSync(file, good)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('link', { name: 'ada', exact: true })).toBeVisible({ timeout: 60_000 })
})

test('content that is not what was backed up ends the download with the reason, and so does a worker that is away', async ({
  page,
}) => {
  const { folder } = await db().backup.findUniqueOrThrow({ where: { id: backupId } })
  const file = join(remoteFolder, slug, folder ?? '', 'files.tar.zst.00000')
  writeFileSync(file, readFileSync(file).fill(7, 8, 16))
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}/files?q=large.bin`)
  await page.getByRole('button', { name: 'Download large.bin' }).click()
  await expect(page.getByText('was altered on the remote')).toBeVisible()
  await looksRight(page)

  await worker.stop()
  await db().worker.updateMany({ where: { instance: { slug } }, data: { lastSeenAt: new Date(0) } })
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByText('No worker of this instance has been heard')).toBeVisible()
})

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}
