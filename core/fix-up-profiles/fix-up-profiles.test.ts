import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { claimRestore } from '@/core/restores/claim-restore'
import { getReceipt } from '@/core/restores/get-receipt'
import { getReconciliation, toCsv } from '@/core/restores/get-reconciliation'
import { getRestore } from '@/core/restores/get-restore'
import { recordRestoreEvents } from '@/core/restores/record-restore-events'
import { requestRestore } from '@/core/restores/request-restore'
import type { Db } from '@/lib/db'
import { maskedValue } from '@/protocol/fix-ups'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createInstance, createWorker } from '@/scripts/test-rows'
import { createScene, numbered, runOf } from '@/scripts/test-scene'
import { fixUpCheckLines } from './fix-up-check-lines'
import { findProfile } from './find-profile'
import { maskedFixUps } from './masked-fix-ups'
import { type ProfileInput, profileInputSchema } from './profile-input'
import { saveProfile } from './save-profile'

let db: Db
let close: () => Promise<void>
let backupId: string
let testing: Awaited<ReturnType<typeof createInstance>>
let worker: Awaited<ReturnType<typeof createWorker>>

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
})
afterAll(() => close())
beforeEach(async () => {
  const scene = await createScene(db)
  const { instance, plan, remote } = scene
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: scene.worker.id }
  backupId = (await createGoodBackup(db, { ...facts, remoteId: remote.id })).id
  testing = await createInstance(db, { environment: 'testing' })
  worker = await createWorker(db, testing.id)
})

const input = (changes: Partial<ProfileInput> = {}): ProfileInput => ({
  database: 'girder',
  'core.cookie_domain': '.stage.example.org',
  'oauth.globus_client_id': 'client-of-testing',
  'oauth.globus_client_secret': 'secret-of-testing',
  paths: '/tmp/data -> /srv/data\n/tmp/ps → /srv/ps',
  mailOff: 'on',
  administrator: 'admin',
  pseudonyms: 'on',
  ...{ 'empty.token': 'on', 'empty.instance': 'on' },
  ...changes,
})

const claimed = async (without: string[] = []) => {
  const { restoreId } = await requestRestore(control, { backupId, workerId: worker.id, fixUps: { without } })
  const stored = await db.restore.findUniqueOrThrow({ where: { id: restoreId } })
  const spec = await claimRestore(worker, { id: restoreId, attempt: 1 })
  return { restoreId, stored, fixUps: 'fixUps' in spec ? spec.fixUps : null }
}

// Promise: what a person entered is what the worker is told; secrets are sealed, and gone once they were handed out.
test('a restore takes the fix-ups of its target, without those that were unticked, and keeps them when the profile changes', async () => {
  await saveProfile(control, testing.slug, input())
  const { restoreId, stored, fixUps } = await claimed(['empty.instance', 'paths'])
  expect(fixUps).toMatchObject({
    settings: [
      { key: 'core.cookie_domain', value: '.stage.example.org' },
      { key: 'oauth.globus_client_id', value: 'client-of-testing' },
      { key: 'oauth.globus_client_secret', value: 'secret-of-testing' },
    ],
    ...{ paths: [], mailOff: true, emptied: ['token'], administrator: 'admin', assetstoreAddress: null },
  })
  expect(JSON.stringify(stored)).not.toContain('secret-of-testing')
  expect(JSON.stringify(stored)).not.toContain(fixUps?.pseudonyms?.key)
  expect((await db.restore.findUniqueOrThrow({ where: { id: restoreId } })).fixUpSecrets).toBeNull()
  const other = await claimed()
  expect(other.fixUps?.pseudonyms?.key).not.toBe(fixUps?.pseudonyms?.key)
  expect(other.fixUps?.paths).toEqual([
    { from: '/tmp/data', to: '/srv/data' },
    { from: '/tmp/ps', to: '/srv/ps' },
  ])
})

// Promise: who only looks learns no secret.
test('a worker that previews is told the same fix-ups without what was unticked, and without secrets', async () => {
  await saveProfile(control, testing.slug, input())
  const masked = await maskedFixUps(testing.id, { without: ['core.cookie_domain'] })
  expect(masked).toMatchObject({
    settings: [
      { key: 'oauth.globus_client_id', value: 'client-of-testing' },
      { key: 'oauth.globus_client_secret', value: maskedValue },
    ],
    mailOff: true,
  })
  expect(await maskedFixUps(testing.id, null)).toBeNull()
})

test('a secret that is left empty is kept, one that is replaced or forgotten is not, and none is in the audit log', async () => {
  await saveProfile(control, testing.slug, input())
  await saveProfile(control, testing.slug, input({ 'oauth.globus_client_secret': '' }))
  expect((await claimed()).fixUps?.settings).toContainEqual({
    ...{ key: 'oauth.globus_client_secret', value: 'secret-of-testing' },
  })
  const forget = ['oauth.globus_client_secret']
  await saveProfile(control, testing.slug, input({ 'oauth.globus_client_secret': '', forget }))
  expect((await claimed()).fixUps?.settings.map(({ key }) => key)).not.toContain('oauth.globus_client_secret')
  expect((await findProfile(testing.id))?.secretNames).toEqual([])
  const rows = [await db.auditEvent.findMany({ where: { action: 'fix-ups.edit' } }), await db.fixUpProfile.findMany()]
  expect(JSON.stringify(rows)).toContain('.stage.example.org')
  expect(JSON.stringify(rows)).not.toContain('secret-of-testing')
})

test('what does not fit is refused at its field', () => {
  const faults = (changes: Partial<ProfileInput>) =>
    profileInputSchema.safeParse(input(changes)).error?.issues.map(({ path }) => path.join('.'))
  expect(faults({})).toBeUndefined()
  expect(faults({ 'core.cors.allow_origin': 'https://one.example.org, *' })).toBeUndefined()
  expect(faults({ 'core.cors.allow_origin': 'one.example.org' })).toEqual(['core.cors.allow_origin'])
  expect(faults({ 'core.cookie_domain': 'https://x' })).toEqual(['core.cookie_domain'])
  expect(faults({ 'worker.api_url': 'redis://x' })).toEqual(['worker.api_url'])
  expect(faults({ paths: '/tmp/data /srv' })).toEqual(['paths'])
  expect(faults({ paths: '/tmp/../data -> /srv' })).toEqual(['paths'])
  expect(faults({ administrator: 'A' })).toEqual(['administrator'])
  expect(faults({ administrator: '' })).toEqual(['administrator'])
})

test('what was changed stands on the restore’s page and in its receipt; the check says when nothing will be', async () => {
  await saveProfile(control, testing.slug, input())
  const { restoreId } = await claimed()
  const results = [{ name: 'setting core.cookie_domain', changed: 1, before: '.org', after: '.stage.example.org' }]
  const comparison = {
    ...{ entriesExpected: 0, entriesIdentical: 0, bytesCompared: 0, namespacesExpected: 1, namespacesIdentical: 1 },
    ...{ documentsCompared: 1, refused: [], refusedCount: 0, differences: [], differenceCount: 0 },
  }
  const reconciliation = {
    ...{
      checked: 2,
      elsewhere: 0,
      absentCount: 1,
      absent: ['=HYPERLINK("x")'],
      strayCount: 1,
      stray: ['/homes/a/a"b'],
    },
  }
  const events = numbered([
    { type: 'comparison', comparison },
    { type: 'fix-ups', results },
    { type: 'reconciliation', reconciliation },
    { type: 'finished', state: 'succeeded', problem: null },
  ])
  await recordRestoreEvents(worker, { run: runOf('restore', restoreId), events, progress: null })
  const restore = await getRestore(restoreId)
  expect(restore.tasks[0]?.fixUps).toEqual(results)
  expect(toCsv(await getReconciliation(restoreId))).toBe(
    '"kind","path"\r\n"absent","\'=HYPERLINK(""x"")"\r\n"home without a document","/homes/a/a""b"\r\n',
  )
  expect(restore.fixUps?.map(({ key }) => key)).toContain('pseudonyms')
  expect((await getReceipt(restoreId)).receipt.places[0]?.fixUps).toEqual(results)

  const lineFor = (fixUps: { without: string[] } | null) =>
    fixUpCheckLines({ fixUps, mongodbSourceId: testing.id }, testing.id)
  expect(await lineFor(null)).toMatchObject([{ name: 'fix-ups', level: 'amber' }])
  expect(await lineFor({ without: [] })).toMatchObject([{ name: 'fix-ups', level: 'green' }])
})

test('an older worker, and an instance without fix-ups, are refused rather than restored without them', async () => {
  const request = { backupId, workerId: worker.id, fixUps: { without: [] } }
  await expect(requestRestore(control, request)).rejects.toMatchObject({ code: 'no-fix-ups' })
  await saveProfile(control, testing.slug, input())
  await db.worker.update({ where: { id: worker.id }, data: { protocol: '1.0' } })
  await expect(requestRestore(control, request)).rejects.toMatchObject({ code: 'worker-too-old' })
})
