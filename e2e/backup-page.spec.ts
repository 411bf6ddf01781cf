import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { createInstance } from '@/core/instances/create-instance'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { appendRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { demoActor as actor } from '@/scripts/demo/register-instance'
import { createGoodBackup } from '@/scripts/test-rows'
import { runOf } from '@/scripts/test-scene'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'
import { expect, expectAccessible, expectFitsPhone, test, visit } from './fixtures'
import { ownName } from './own-name'
import { signInAs } from './sign-in'
import { surroundings } from './surroundings'

const slug = ownName('evidence')
let place: WorkerPlace
let facts: { instanceId: string; planId: string; planSlug: string; workerId: string; remoteId: string }

test.beforeAll(async () => {
  const { folder, configFolder, url } = surroundings()
  place = {
    folder: join(folder, `worker-of-${slug}`),
    sourceRoots: [configFolder],
    restoreRoots: [join(folder, `restored-of-${slug}`)],
    localRemoteRoots: [join(folder, slug)],
  }
  await mkdir(place.folder, { recursive: true })
  const { id: instanceId } = await createInstance(actor, { slug, name: 'Evidence', environment: 'testing' })
  await enrolWorker(place, url, (await makeEnrolment(actor, { instanceId, workerSlug: 'fileserver' })).token)
  const worker = await db().worker.findFirstOrThrow({ where: { instanceId } })
  await confirmWorker(actor, { workerId: worker.id, fingerprint: fingerprintOf(worker.keySha256) })
  const source = { kind: 'config' as const, slug: 'config', workerId: worker.id, paths: [configFolder] }
  const sourceIds = [await createSource(actor, slug, source)]
  const baseFolder = join(folder, slug, 'WT')
  const settings = { backend: 'local', slug, name: 'Disk', baseFolder, options: {} } as const
  const { id: remoteId } = await createRemote(actor, { ...settings, secrets: {}, forget: [] })
  const targets = [{ ...targetDefaults, remoteId, keepDays: 7 }]
  const plan = { ...planDefaults, instanceId, slug: 'nightly', name: 'Nightly', sourceIds, targets }
  const { id: planId } = await createPlan(actor, plan)
  facts = { instanceId, planId, planSlug: 'nightly', workerId: worker.id, remoteId }
})

test('a backup is compared with the one before, pinned, unpinned, and deleted by its name', async ({ page }) => {
  await signInAs(page, 'admin')
  const worker = runWorker(place)
  try {
    for (const _night of ['first', 'second']) {
      await visit(page, `${surroundings().url}/plans/${facts.planId}`)
      await page.getByRole('button', { name: 'Run now' }).click()
      await expect(page).toHaveURL(/\/backups\/[0-9a-f-]{36}$/)
      await expect(page.getByText('Succeeded').first()).toBeVisible({ timeout: 60_000 })
    }
    const last = await db().backup.findFirstOrThrow({ where: { planId: facts.planId }, orderBy: { sequence: 'desc' } })
    await visit(page, page.url())
    await expect(page.getByRole('heading', { name: 'Compared with the one before' })).toBeVisible()
    await expect(page.getByRole('row', { name: /Size on the remote/ })).toBeVisible()
    await expect(page.getByRole('row', { name: /backup.request/ })).toBeVisible()

    await page.getByRole('button', { name: 'Pin', exact: true }).click()
    await page.getByLabel('Why').fill('Before the upgrade')
    await page.getByLabel('Last day').fill('2099-12-31')
    await page.getByRole('button', { name: 'Pin backup' }).click()
    await expect(page.getByText('Pinned through 31 Dec 2099 (UTC)')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Delete backup' })).toHaveCount(0)
    await expect(page.getByText('Unpin it first')).toBeVisible()
    await looksRight(page)
    await page.getByRole('button', { name: 'Unpin' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Unpin' }).click()

    await page.getByRole('button', { name: 'Delete backup' }).click()
    const dialog = page.getByRole('alertdialog')
    await expect(dialog).toContainText('It is the last good backup of its plan')
    await dialog.getByLabel(/^Type/).fill(last.folder ?? '')
    await dialog.getByRole('button', { name: 'Delete backup' }).click()
    await expect(dialog.getByRole('alert')).toContainText('This is the last good backup of its plan.')
    await dialog.getByLabel('The last good backup of this plan may go').check()
    await dialog.getByRole('button', { name: 'Delete backup' }).click()
    await expect(dialog).toHaveCount(0)
    const presence = async () => (await db().copy.findFirstOrThrow({ where: { backupId: last.id } })).presence
    await expect.poll(presence, { timeout: 60_000 }).toBe('pruned')
    expect(existsSync(join(surroundings().folder, slug, 'WT', slug, last.folder ?? ''))).toBe(false)
    await visit(page, page.url())
    await expect(page.getByRole('row', { name: /backup.delete/ })).toBeVisible()
    await expect(page.getByRole('link', { name: 'Restore', exact: true })).toHaveCount(0)
  } finally {
    await worker.stop()
  }
})

test('10,000 warnings, thousands of parts, a log of 30 MB and damaged facts leave the page whole', async ({ page }) => {
  const backup = await createGoodBackup(db(), facts, {
    ...{ state: 'warning', warningCount: 10_000, summary: { bytes: 'many' }, bytes: 3_000_000, rawBytes: 9_000_000 },
    throughput: {
      stepSeconds: 1,
      samples: [0, 1, 2, 3].map((second) => ({
        ...{ second, phase: 'files', bytesPerSecond: 1000 * second, uploadedBytes: 500 * second },
      })),
    },
  })
  await fill(backup.id)
  await signInAs(page, 'viewer')
  await visit(page, `${surroundings().url}/backups/${backup.id}`)
  await expect(page.getByRole('heading', { name: '10,000 warnings' })).toBeVisible()
  await expect(page.getByText('What the dashboard kept of its manifest cannot be read')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Throughput' })).toBeVisible()
  await expect(page.getByText('gone', { exact: true })).toHaveCount(0)

  await page.getByText('changed', { exact: true }).click()
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect(page.getByText('warning 100', { exact: true })).toBeVisible()
  await page.getByText('files.tar.zst', { exact: true }).click()
  const parts = page.getByRole('table', { name: 'Parts of files.tar.zst' })
  await expect(parts.getByText('00000')).toBeVisible()
  await expect(page.getByText('2,980 more')).toBeVisible()

  const lines = page.getByRole('region', { name: 'Log lines' })
  await expect(lines).toContainText('line 15000')
  await lines.getByRole('button', { name: 'Show earlier lines' }).click()
  await expect(lines).toContainText('line 14300')
  await page.getByLabel('Search the log').fill('LINE 12345')
  await page.getByLabel('Search the log').press('Enter')
  await expect(lines).toContainText('1 line with “LINE 12345” in it.')
  await looksRight(page)

  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(page.getByRole('button', { name: /Copy|Show|Search|Pin|Delete/ })).toHaveCount(0)
  await expect(page.getByText(backup.manifestSha256 ?? '')).toBeVisible()
  await expect(parts.getByText('00019')).toBeVisible()
})

async function fill(backupId: string): Promise<void> {
  const { workerId } = facts
  const artifact = await db().artifact.create({
    data: { backupId, workerId, kind: 'files', name: 'files.tar.zst', bytes: 3_000_000, complete: true, entries: 9 },
  })
  const part = { artifactId: artifact.id, bytes: 1000, rawBytes: 3000, sha256: 'a'.repeat(64), checked: 'hash' }
  await db().part.createMany({ data: Array.from({ length: 3000 }, (_, number) => ({ ...part, number })) })
  const warning = (index: number) => ({
    ...{ backupId, code: index % 10 === 9 ? 'vanished' : 'changed', source: 'homes', text: `warning ${index}` },
    where: `srv/homes/${index}`,
  })
  await db().backupWarning.createMany({ data: Array.from({ length: 10_000 }, (_, index) => warning(index)) })
  const at = new Date().toISOString()
  for (let batch = 0; batch < 15; batch++) {
    const lineOf = (sequence: number) => ({
      ...{ sequence, at },
      body: { type: 'log' as const, level: 'info' as const, text: `line ${sequence} ${'x'.repeat(2000)}` },
    })
    appendRunLog(
      runOf('backup', backupId),
      Array.from({ length: 1000 }, (_, index) => lineOf(batch * 1000 + index + 1)),
    )
  }
}

async function looksRight(page: Page): Promise<void> {
  await expectAccessible(page)
  await expectFitsPhone(page)
}
