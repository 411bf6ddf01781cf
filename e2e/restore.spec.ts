import { execFileSync, spawn } from 'node:child_process'
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
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
import { MongoServer } from '@/lib/mongo-driver'
import { fingerprintOf } from '@/protocol/worker-api'
import { enrolWorker, runWorker } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

/** One file, one home, one database, and into another instance: by real workers, rclone, tar and a MongoDB. */
const actor: Actor = { kind: 'terminal', id: null, name: 'story' }
const homesOf = () => join(surroundings().folder, 'restored-from', 'homes')
let backupId: string
const workers: ReturnType<typeof runWorker>[] = []

test.beforeAll(async () => {
  const homes = homesOf()
  for (const name of ['ada/project', 'bob']) mkdirSync(join(homes, name), { recursive: true })
  for (const name of ['ada', 'bob'])
    for (let i = 0; i < 3; i++) writeFileSync(join(homes, name, `data-${i}.bin`), Buffer.alloc(500_000, `${name} ${i}`))
  linkSync(join(homes, 'ada', 'data-0.bin'), join(homes, 'bob', 'of-ada.bin'))
  writeFileSync(join(homes, 'ada', 'project', 'thesis.tex'), 'ten years of work')
  const source = await joinInstance('production', 'restored-from')
  await joinInstance('testing', 'restored-into')
  const tree = { kind: 'tree' as const, path: homes, exclude: [], oneFileSystem: true, mustBeMount: false }
  const treeId = await createSource(actor, 'restored-from', { ...tree, slug: 'homes', workerId: source.workerId })
  const mongodb = {
    ...{ kind: 'mongodb' as const, slug: 'girder', workerId: source.workerId, reach: 'direct' as const },
    ...{ connection: surroundings().mongodbUrl, databases: ['girder', 'girder_assets'] },
    ...{ consistency: 'best' as const, tools: 'built-in' as const },
  }
  const mongodbId = await createSource(actor, 'restored-from', mongodb)
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
  const baseFolder = join(surroundings().folder, 'restored-from', 'remote', 'WT')
  const remote = await createRemote(actor, { ...local, slug: 'shelf', name: 'Shelf', baseFolder })
  const targets = [{ ...targetDefaults, remoteId: remote.id, keepDays: 7 }]
  const plan = { ...planDefaults, slug: 'nightly', name: 'Nightly', targets, instanceId: source.instanceId }
  const { id: planId } = await createPlan(actor, { ...plan, sourceIds: [mongodbId, treeId] })
  backupId = (await requestBackup(actor, planId)).backupId
  const state = async () => {
    const backup = await db().backup.findUniqueOrThrow({ where: { id: backupId } })
    return `${backup.state} ${JSON.stringify(backup.problem)}`
  }
  await expect.poll(state, { timeout: 90_000 }).toMatch(/^(?:succeeded|warning|failed)/)
  expect(await state()).toMatch(/^(?:succeeded|warning)/)
})
test.afterAll(async () => {
  for (const worker of workers) await worker.stop()
})

async function joinInstance(environment: 'production' | 'testing', slug: string) {
  const folder = join(surroundings().folder, slug)
  const { id: instanceId } = await createInstance(actor, { slug, name: `Instance ${slug}`, environment })
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })
  const place = {
    folder: join(folder, 'worker'),
    sourceRoots: [homesOf()],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(surroundings().folder, 'restored-from', 'remote')],
  }
  await enrolWorker(place, surroundings().url, token)
  const { id: workerId, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId, fingerprint: fingerprintOf(keySha256) })
  workers.push(runWorker(place))
  const lastSeen = async () => (await db().worker.findUniqueOrThrow({ where: { id: workerId } })).lastSeenAt !== null
  await expect.poll(lastSeen, { timeout: 30_000 }).toBe(true)
  return { instanceId, workerId }
}

const restoredFolder = (slug: string, name: string) => join(surroundings().folder, slug, 'restored', name)

async function chooseFolder(page: Page, folder: string): Promise<void> {
  await page.getByText('Folder and copy').click()
  await page.getByLabel('Folder on its host').fill(folder)
  await page.getByLabel('Folder on its host').press('Enter')
  await expect(page).toHaveURL(/folder=/)
}

/** Check, tick what is amber, say why, confirm, and wait until it is identical. */
async function goThrough(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(page.locator('[data-check]')).not.toHaveAttribute('data-check', 'red', { timeout: 60_000 })
  for (const box of await page.locator('input[name="accepted"]').all()) await box.check()
  await page.getByLabel('Reason').fill(reason)
  await looksRight(page)
  await page.getByRole('button', { name: 'Restore beside' }).click()
  await expect(page).toHaveURL(/\/restores\/[0-9a-f-]{36}$/)
  await expect(page.getByRole('heading', { name: 'Identical' })).toBeVisible({ timeout: 90_000 })
}

test('one file: found, asked for, checked, restored, and the receipt says so', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}/files`)
  await page.getByLabel('Find files by name').fill('thesis')
  await page.getByRole('link', { name: 'Restore thesis.tex' }).click()
  await expect(page.getByRole('list', { name: 'Chosen files and folders' })).toContainText('ada/project/thesis.tex')
  await chooseFolder(page, restoredFolder('restored-from', 'one-file'))
  await looksRight(page)
  await goThrough(page, 'The thesis was deleted')
  const restored = join(restoredFolder('restored-from', 'one-file'), 'files', homesOf())
  expect(readFileSync(join(restored, 'ada', 'project', 'thesis.tex'), 'utf8')).toBe('ten years of work')
  expect(execFileSync('find', [restored, '-type', 'f']).toString().trim().split('\n')).toHaveLength(1)

  await page.getByRole('link', { name: 'Receipt' }).click()
  await expect(page.getByText('The thesis was deleted')).toBeVisible()
  await looksRight(page)
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Signed JSON' }).click(),
  ])
  const { receipt } = JSON.parse(readFileSync(await saved.path(), 'utf8'))
  expect(receipt).toMatchObject({ kind: 'talekeeper-restore-receipt', backup: { id: backupId }, state: 'succeeded' })
})

test('one home, ticked in the list, comes back with what its hard links lead to', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}/files`)
  await page.getByRole('checkbox', { name: 'Choose bob' }).check()
  await page.getByRole('button', { name: 'Restore what is chosen' }).click()
  await chooseFolder(page, restoredFolder('restored-from', 'one-home'))
  await goThrough(page, 'Bob lost his home')
  const restored = join(restoredFolder('restored-from', 'one-home'), 'files', homesOf())
  expect(readdirSync(restored)).toEqual(['bob'])
  execFileSync('diff', ['-r', join(homesOf(), 'bob'), join(restored, 'bob')])
})

test('one database, without the files', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}/restore`)
  await expect(page.locator('[data-estimate]')).toContainText('to read from Shelf')
  await page.getByRole('checkbox', { name: /^Directory trees/ }).uncheck()
  await page.getByRole('checkbox', { name: 'Database girder', exact: true }).uncheck()
  await expect(page).toHaveURL(/ns=girder_assets/)
  await expect(page.getByRole('checkbox', { name: /^MongoDB/ })).not.toBeChecked()
  await chooseFolder(page, restoredFolder('restored-from', 'one-database'))
  await goThrough(page, 'Looking at last night’s assets')
  const id = page.url().split('/').at(-1) ?? ''
  const server = await MongoServer.connect(surroundings().mongodbUrl)
  const names = (await server.listDatabases()).map(({ name }) => name)
  await server.close()
  expect(names.filter((name) => name.startsWith(`tk_${id.slice(0, 8)}_`))).toEqual([
    `tk_${id.slice(0, 8)}_girder_assets`,
  ])
  expect(existsSync(join(restoredFolder('restored-from', 'one-database'), 'files'))).toBe(false)
})

test('production’s home into testing: what the other host learns is accepted first', async ({ page }) => {
  await signInAs(page, 'operator')
  await visit(page, `${surroundings().url}/backups/${backupId}/files`)
  await page.getByRole('link', { name: 'Restore ada', exact: true }).click()
  const option = page.getByLabel('Worker').locator('option', { hasText: 'Instance restored-into' })
  await page.getByLabel('Worker').selectOption((await option.getAttribute('value')) ?? '')
  await expect(page.getByText('Into Instance restored-into, which is another instance')).toBeVisible()
  await page.getByLabel('How').selectOption('in-place')
  await expect(page.getByText('What stands there in Instance restored-into is exchanged')).toBeVisible()
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(page.locator('[data-line="takes-the-place"]')).toHaveAttribute('data-level', 'amber')
  // it has no plan by which a safety backup could be made
  await expect(page.locator('[data-line="safety"]')).toHaveAttribute('data-level', 'red')
  await looksRight(page)
  await page.getByLabel('How').selectOption('beside')
  await chooseFolder(page, restoredFolder('restored-into', 'ada-of-production'))
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(page.locator('[data-line="credentials"]')).toHaveAttribute('data-level', 'amber')
  await expect(page.getByRole('button', { name: 'Restore beside' })).toBeDisabled()
  for (const box of await page.locator('input[name="accepted"]').all()) await box.check()
  await page.getByLabel('Reason').fill('A test with real data')
  await page.getByRole('button', { name: 'Restore beside' }).click()
  await expect(page.getByRole('heading', { name: 'Identical' })).toBeVisible({ timeout: 90_000 })
  await expect(page.getByText('of Instance restored-from, into Instance restored-into')).toBeVisible()
  execFileSync('diff', [
    '-r',
    join(homesOf(), 'ada'),
    join(restoredFolder('restored-into', 'ada-of-production'), 'files', homesOf(), 'ada'),
  ])
})

test('red stops, and a viewer is not shown the way', async ({ page, browser }) => {
  await signInAs(page, 'operator')
  const taken = restoredFolder('restored-from', 'one-file')
  await visit(page, `${surroundings().url}/backups/${backupId}/restore?folder=${encodeURIComponent(taken)}`)
  await page.getByRole('button', { name: 'Check', exact: true }).click()
  await expect(page.locator('[data-line="folder"]')).toHaveAttribute('data-level', 'red', { timeout: 60_000 })
  await expect(page.getByRole('button', { name: 'Restore beside' })).toHaveCount(0)
  await looksRight(page)
  const viewer = await browser.newPage()
  await signInAs(viewer, 'viewer')
  await visit(viewer, `${surroundings().url}/backups/${backupId}/files`)
  await expect(viewer.getByRole('link', { name: /^Restore( |$)/ })).toHaveCount(0)
  await viewer.close()
})

test('onto a fresh host by a link: pasted there, confirmed here, restored, and no second host has use of it', async ({
  page,
}) => {
  await createInstance(actor, { slug: 'fresh-machines', name: 'Fresh machines', environment: 'testing' })
  await signInAs(page, 'admin')
  await visit(page, `${surroundings().url}/backups/${backupId}/restore`)
  await page.getByRole('link', { name: 'Onto a fresh host' }).click()
  await page.getByLabel('Instance that the host belongs to').selectOption('Fresh machines (testing)')
  await expect(page.getByRole('checkbox', { name: /Also onto a host that already holds data/ })).not.toBeChecked()
  await page.getByLabel('Where to').selectOption('beside')
  await expect(page.getByRole('checkbox', { name: /Also onto a host that already holds data/ })).toHaveCount(0)
  await looksRight(page)
  await page.getByRole('button', { name: 'Make the link' }).click()
  await expect(page.getByText('Say why, in a few words.')).toBeVisible()
  await page.getByLabel('Reason').fill('New machines')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await expect(page.getByRole('heading', { name: 'Paste this on the fresh host' })).toBeInViewport()
  const command = await page.getByRole('figure', { name: 'Command to paste' }).locator('code').innerText()
  await looksRight(page)
  await page.getByRole('link', { name: 'Follow what becomes of it' }).click()
  await expect(page.locator('[data-migration="waiting"]')).toBeVisible()
  const host = paste(command, 'fresh-host')
  await page.getByRole('button', { name: 'It is the same: confirm' }).click({ timeout: 60_000 })
  await expect(page.locator('[data-migration="done"]')).toBeVisible({ timeout: 90_000 })
  await looksRight(page)
  expect(await host.ended).toBe(0)
  const second = paste(command, 'second-host')
  expect([await second.ended, second.output()]).toEqual([1, expect.stringContaining('belongs to another host')])
  await page.getByRole('link', { name: 'To the restore' }).click()
  await expect(page.getByRole('heading', { name: 'Identical' })).toBeVisible()
  await visit(page, `${surroundings().url}/restores`)
  await expect(page.getByRole('table', { name: 'Migration links' })).toContainText('fileserver of Fresh machines')
  await visit(page, `${surroundings().url}/audit`)
  await expect(page.getByText('migration.refuse').first()).toBeVisible()
})

/** Into a root shell of a host, which is a state folder of its own here. */
function paste(command: string, name: string): { ended: Promise<number | null>; output: () => string } {
  const folder = join(surroundings().folder, name)
  mkdirSync(folder)
  const places = `--state '${folder}/state' --policy '${folder}/policy.json'`
  const program = `'${process.execPath}' dist/talekeeper-worker.mjs ${places}`
  const child = spawn('sh', ['-c', command.replace('talekeeper-worker', program)])
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  return { ended: new Promise((resolve) => child.once('close', resolve)), output: () => output }
}

async function looksRight(page: Page): Promise<void> {
  await expectFitsPhone(page)
  await expectAccessible(page)
}
