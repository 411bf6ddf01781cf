import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { control } from '@/core/audit/actor'
import { claimBackup } from '@/core/backups/claim-backup'
import { giveGo } from '@/core/backups/give-go'
import { recordBackupEvents } from '@/core/backups/record-events'
import { requestBackup } from '@/core/backups/request-backup'
import { claimInspection } from '@/core/inspections/claim-inspection'
import { listRemoteLooks } from '@/core/inspections/list-remote-looks'
import { recordInspectionEvents } from '@/core/inspections/record-inspection-events'
import { recordManifest } from '@/core/inspections/record-manifest'
import { requestAdoption } from '@/core/inspections/request-adoption'
import { requestListing } from '@/core/inspections/request-listing'
import { countAdopted, takeOverAdopted } from '@/core/plans/take-over-adopted'
import { planRetention } from '@/core/prunes/plan-retention'
import { importRecoveryKit } from '@/core/recovery-kit/import-recovery-kit'
import { makeRecoveryKit } from '@/core/recovery-kit/make-recovery-kit'
import { claimRestore } from '@/core/restores/claim-restore'
import { recordRestoreEvents } from '@/core/restores/record-restore-events'
import { requestRestore } from '@/core/restores/request-restore'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import type { BackupContext, InspectionContext, RunOutcome } from '@/engine/context'
import { runBackup } from '@/engine/run-backup'
import { runInspection } from '@/engine/run-inspection'
import { runRestore } from '@/engine/run-restore'
import type { Db, Worker } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import { restoreSpecSchema } from '@/protocol/specs'
import type { RunReference } from '@/protocol/worker-api'
import { openTestDatabase } from './test-database'
import { openTestQueue } from './test-queue'
import { createGoodBackup, createInstance, createPlan, createRemote, createSource, createWorker } from './test-rows'
import { numbered, runOf } from './test-scene'

/**
 * Promise: a dashboard that is lost with its database is rebuilt from the remotes and the recovery kit. The control plane's rules
 * and the worker's engine meet in this process; rclone, tar and zstd are real.
 */
const passphrase = 'correct horse battery staple'
let folder: string
let opened: Awaited<ReturnType<typeof openTestDatabase>>
let db: Db
let worker: Worker

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-rebuild-'))
  mkdirSync(join(folder, 'homes', 'ada'), { recursive: true })
  writeFileSync(join(folder, 'homes', 'ada', 'notes.txt'), 'what must never be lost '.repeat(5000))
  openTestQueue()
  await openDashboard()
})
afterAll(async () => {
  await opened.close()
  rmSync(folder, { recursive: true, force: true })
})

async function openDashboard() {
  opened = await openTestDatabase()
  db = opened.db
  await ensureSigningKey()
}

/** A worker, a remote, sources and a plan: what an administrator enters, and enters anew. */
async function register(instanceId: string) {
  worker = await createWorker(db, instanceId, { slug: 'fileserver' })
  const settings = { path: join(folder, 'homes'), exclude: [], oneFileSystem: true, mustBeMount: false }
  const source = await createSource(db, instanceId, worker.id, { slug: 'homes', settings })
  const remote = await createRemote(db, { baseFolder: join(folder, 'remote', 'WT') })
  return { source, remote }
}

function registerPlan(instanceId: string, { source, remote }: Awaited<ReturnType<typeof register>>) {
  return createPlan(db, { instanceId, sourceIds: [source.id], remoteId: remote.id, keepDays: 1 }, { slug: 'nightly' })
}

type Request = Parameters<typeof recordBackupEvents>[1]

/** Does a claimed run as the worker does, and reports it in one go. */
async function perform(
  run: RunReference,
  record: (worker: Worker, request: Request) => Promise<unknown>,
  act: (context: BackupContext & InspectionContext) => Promise<RunOutcome>,
): Promise<void> {
  const events: EventBody[] = []
  for (const name of ['spool', 'temporary']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  const roots = { sourceRoots: [folder], restoreRoots: [join(folder, 'restored')], localRemoteRoots: [folder] }
  const state = await act({
    policy: { version: 1, ...roots, backends: ['local'], mongodb: false, inPlaceRestore: false },
    spoolFolder: join(folder, 'spool'),
    temporaryFolder: join(folder, 'temporary'),
    mongodbToolFolders: [],
    signal: new AbortController().signal,
    report: (event) => events.push(event),
    progress: () => {},
    requestGo: async (manifest) => (await giveGo(worker, { run, manifest })).signature,
    handOver: () => Promise.reject(new Error('one worker makes the whole backup')),
    handIn: async (found) => (await recordManifest(worker, { run, ...found })).origin,
  })
  events.push({ type: 'finished', state, problem: null })
  await record(worker, { run, events: numbered(events), progress: null })
}

async function backUp(planId: string): Promise<string> {
  const { backupId: id } = await requestBackup(control, planId)
  const spec = await claimBackup(worker, { id, attempt: 1 })
  await perform(runOf('backup', id), recordBackupEvents, (context) => runBackup(spec, context))
  return id
}

async function look(): Promise<void> {
  const { id } = await db.inspection.findFirstOrThrow({ where: { state: 'queued' } })
  const spec = await claimInspection(worker, { id, attempt: 1 })
  await perform(runOf('inspection', id), recordInspectionEvents, (context) => runInspection(spec, context))
}

async function restore(backupId: string): Promise<string> {
  const { restoreId: id } = await requestRestore(control, { backupId, folder: join(folder, 'restored', backupId) })
  const spec = restoreSpecSchema.parse(await claimRestore(worker, { id, attempt: 1 }))
  await perform(runOf('restore', id), recordRestoreEvents, (context) => runRestore(spec, context))
  return (await db.restore.findUniqueOrThrow({ where: { id } })).state
}

describe('promise: from the remote and the recovery kit', () => {
  let instanceId: string
  let place: Awaited<ReturnType<typeof register>>
  const made = { signed: '', unsigned: '' }

  test('what is signed by our key becomes ours again, and all else stays foreign', async () => {
    const lost = await createInstance(db, { slug: 'wt-prod' })
    const plan = await registerPlan(lost.id, await register(lost.id))
    Object.assign(made, { signed: await backUp(plan.id), unsigned: await backUp(plan.id) })
    const { folder: unsignedFolder } = await db.backup.findUniqueOrThrow({ where: { id: made.unsigned } })
    rmSync(join(folder, 'remote', 'WT', 'wt-prod', unsignedFolder ?? '', 'manifest.sig'))
    const { text: kit } = await makeRecoveryKit(control, passphrase)

    await opened.close()
    await openDashboard()
    expect(await db.backup.count()).toBe(0)
    await importRecoveryKit(control, kit, passphrase)
    const instance = await db.instance.findUniqueOrThrow({ where: { slug: 'wt-prod' } })
    expect(instance.id).toBe(lost.id)
    instanceId = instance.id
    place = await register(instanceId)
    const pair = { instanceId, remoteId: place.remote.id }

    await requestListing(control, pair)
    await look()
    expect((await listRemoteLooks(place.remote.id))[0]?.adoptable).toEqual({ count: 2, signed: 1 })
    await requestAdoption(control, pair)
    await look()
    const found = await db.backup.findMany({ include: { copies: true } })
    const of = (id: string) => found.find((backup) => backup.id === id)
    const ours = { presence: 'present', verification: 'uploaded' }
    expect(of(made.signed)).toMatchObject({ origin: 'adopted', copies: [ours] })
    expect(of(made.unsigned)).toMatchObject({ origin: 'foreign', copies: [{ ...ours, verification: 'none' }] })
  })

  test('both are restored beside, identically', async () => {
    for (const id of Object.values(made)) expect(await restore(id)).toBe('succeeded')
  })

  test('retention leaves ours alone until an administrator makes them the new plan’s, and foreign ones for ever', async () => {
    const plan = await registerPlan(instanceId, place)
    const inTenYears = new Date(Date.now() + 10 * 365 * 86_400_000)
    await createGoodBackup(
      db,
      { instanceId, planId: plan.id, planSlug: plan.slug, workerId: worker.id, remoteId: place.remote.id },
      { finishedAt: inTenYears },
    )
    await planRetention(inTenYears)
    expect(await db.prune.count()).toBe(0)
    expect(await countAdopted({ instanceId, slug: 'nightly' })).toBe(1)
    await takeOverAdopted(control, plan.id)
    await planRetention(inTenYears)
    expect((await db.pruneItem.findMany()).map(({ backupId }) => backupId)).toEqual([made.signed])
  })
})
