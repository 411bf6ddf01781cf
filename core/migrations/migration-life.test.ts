import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { claimRestore } from '@/core/restores/claim-restore'
import { ensureSigningKey } from '@/core/signing/ensure-signing-key'
import { toSource } from '@/core/sources/source-spec'
import { watch } from '@/core/incidents/watch'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { revokeWorker } from '@/core/workers/revoke-worker'
import { sha256Hex } from '@/lib/crypto'
import type { Db, RunState } from '@/lib/db'
import { readLink } from '@/protocol/migration-link'
import { protocolVersion } from '@/protocol/version'
import { fingerprintOf } from '@/protocol/worker-api'
import { openTestDatabase } from '@/scripts/test-database'
import { openTestQueue } from '@/scripts/test-queue'
import { createGoodBackup, createInstance, createSource, createUser, createWorker } from '@/scripts/test-rows'
import { createScene } from '@/scripts/test-scene'
import { beginMigrations } from './begin-migrations'
import { describeMigration } from './describe-migration'
import { getMigration } from './get-migration'
import { prepareMigration } from './prepare-migration'
import { redeemMigration } from './redeem-migration'
import { revokeMigration } from './revoke-migration'
import { type PrepareMigrationInput, prepareMigrationSchema } from './schema'

/** Promise: one host redeems a link, until it expires; nothing is restored there that its maker may not restore, or more than once. */
let db: Db
let close: () => Promise<void>
let admin: Actor & { id: string }
let backupId: string
let fresh: Awaited<ReturnType<typeof createInstance>>
const now = new Date('2027-02-01T12:00:00Z')
const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

beforeAll(async () => {
  const opened = await openTestDatabase()
  db = opened.db
  close = opened.close
  openTestQueue()
  await ensureSigningKey()
})
afterAll(() => close())
beforeEach(async () => {
  await db.migration.deleteMany()
  admin = await userWith('admin')
  fresh = await createInstance(db, { environment: 'testing' })
  backupId = await backupOf('testing')
})

async function userWith(role: 'operator' | 'admin'): Promise<Actor & { id: string }> {
  const { id, name } = await createUser(db, { role })
  return { kind: 'user', id, name, role }
}

async function backupOf(environment: 'testing' | 'production'): Promise<string> {
  const { instance, plan, worker, remote } = await createScene(db)
  await db.instance.update({ where: { id: instance.id }, data: { environment } })
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug }
  return (await createGoodBackup(db, { ...facts, workerId: worker.id, remoteId: remote.id })).id
}

const input = (changes: Partial<PrepareMigrationInput> = {}): PrepareMigrationInput => ({
  ...{
    backupId,
    instanceId: fresh.id,
    workerSlug: 'fileserver',
    way: 'inPlace',
    connection: 'mongodb://127.0.0.1:27017',
  },
  ...{ validHours: 8, trustedNetworks: '', reason: 'a new machine room' },
  ...changes,
})
const prepared = async (changes: Partial<PrepareMigrationInput> = {}) =>
  prepareMigration(admin, prepareMigrationSchema.parse(input(changes)), now)
let keys = 0
const newKey = () => sha256Hex(`key of a host ${++keys}`)

function redeem(link: string, keySha256: string, at = later(1), address = '192.0.2.17') {
  const about = { hostName: 'fs9.example.org', version: '0.1.0', tools: { tar: '1.34' } }
  const request = { link, keySha256, redisPasswordSha256: sha256Hex(`redis ${keySha256}`), ...about }
  return redeemMigration(request, { protocol: protocolVersion, address }, at)
}

async function confirmed(link: string, key = newKey()) {
  const worker = await redeem(link, key)
  await confirmWorker(admin, { workerId: worker.id, fingerprint: fingerprintOf(key) })
  return { worker, key }
}
const restores = () => db.restore.findMany({ where: { instanceId: fresh.id }, orderBy: { requestedAt: 'asc' } })
const refusalsOf = (id: string) =>
  db.auditEvent
    .findMany({ where: { subjectId: id, action: 'migration.refuse' }, orderBy: { id: 'asc' } })
    .then((events) => events.map(({ detail }) => Object(detail).reason))

describe('a link', () => {
  test('makes one host a worker, which restores what its maker chose once somebody confirmed it', async () => {
    const { migrationId, link, expiresAt } = await prepared()
    expect(expiresAt).toEqual(later(8 * 60))
    expect(readLink(link).facts).toMatchObject({ id: migrationId, instance: fresh.slug, worker: 'fileserver' })
    expect(JSON.stringify(await db.migration.findMany())).not.toContain(link.slice(-40))
    const key = newKey()
    const worker = await redeem(link, key)
    expect(worker).toMatchObject({ state: 'pending', instanceId: fresh.id, slug: 'fileserver' })
    await beginMigrations(later(2))
    expect(await restores()).toEqual([])
    expect(await describeMigration(worker, later(2))).toMatchObject({ state: 'pending', restoreId: null })

    await confirmWorker(admin, { workerId: worker.id, fingerprint: fingerprintOf(key) })
    await Promise.all([beginMigrations(later(3)), beginMigrations(later(3))])
    await beginMigrations(later(4))
    const [restore, ...more] = await restores()
    expect(more).toEqual([])
    expect(restore).toMatchObject({ backupId, requestedById: admin.id, reason: 'a new machine room' })
    const spec = await claimRestore(worker, { id: restore?.id ?? '', attempt: 1 }, later(4))
    expect(spec.target).toMatchObject({
      ...{ kind: 'inPlace', safety: null, writers: 'stopped', requireEmpty: true },
      mongodb: { connection: 'mongodb://127.0.0.1:27017' },
    })
    expect(await describeMigration(worker, later(4))).toMatchObject({ state: 'restoring', restoreId: restore?.id })
    const row = await db.migration.findUniqueOrThrow({ where: { id: migrationId } })
    expect(row.connection).toBeNull()
  })

  test('goes onto a host that holds data only where its maker allowed that', async () => {
    const { migrationId, link } = await prepared({ ontoData: 'on' })
    const { worker } = await confirmed(link)
    await beginMigrations(later(3))
    const [restore] = await restores()
    const spec = await claimRestore(worker, { id: restore?.id ?? '', attempt: 1 }, later(4))
    expect(spec.target).toMatchObject({ kind: 'inPlace', requireEmpty: false })
    expect(await getMigration(migrationId, later(4))).toMatchObject({ mayGoOntoData: true })
    expect(await getMigration((await prepared({ workerSlug: 'other' })).migrationId)).toMatchObject({
      mayGoOntoData: false,
    })
  })

  test('restores beside, and no database, where that was chosen', async () => {
    const { link } = await prepared({ way: 'beside', connection: '' })
    const { worker } = await confirmed(link)
    await beginMigrations(later(3))
    const [restore] = await restores()
    const spec = await claimRestore(worker, { id: restore?.id ?? '', attempt: 1 }, later(4))
    expect(spec.target).toMatchObject({ kind: 'scratch', mongodb: null })
  })

  test('gives a host that replaces a dead one its name and its sources', async () => {
    const dead = await createWorker(db, fresh.id, { slug: 'fileserver' })
    const secretless = { reach: 'direct', databases: null, consistency: 'best', tools: 'auto' }
    await expect(prepared()).rejects.toMatchObject({ code: 'slug-taken' })
    await revokeWorker(admin, dead.id)
    const source = await createSource(db, fresh.id, dead.id, { kind: 'mongodb', slug: 'mongodb', settings: secretless })
    const { migrationId } = await prepared({ connection: '' })
    expect(await db.migration.findUniqueOrThrow({ where: { id: migrationId } })).toMatchObject({
      mongodbSourceId: source.id,
    })
    const { link } = await prepared()
    const worker = await redeem(link, newKey())
    expect(worker.id).toBe(dead.id)
    const made = await db.source.findFirstOrThrow({ where: { workerId: dead.id, slug: 'mongodb-2' } })
    expect(toSource(made)).toMatchObject({ connection: 'mongodb://127.0.0.1:27017' })
  })
})

describe('a host is confirmed by itself', () => {
  test.each([
    ['192.0.2.0/24', '192.0.2.17', 'active'],
    ['2001:db8::/32, 192.0.2.17', '192.0.2.17', 'active'],
    ['2001:db8::/32', '2001:db8::9', 'active'],
    ['192.0.2.0/24', '192.0.3.1', 'pending'],
    ['192.0.2.0/24', '', 'pending'],
    ['', '192.0.2.17', 'pending'],
  ])('named %s, calls from %s: %s', async (trustedNetworks, address, state) => {
    const { link } = await prepared({ trustedNetworks })
    expect((await redeem(link, newKey(), later(1), address)).state).toBe(state)
  })

  test('but never with production as the source', async () => {
    backupId = await backupOf('production')
    await expect(prepared({ trustedNetworks: '192.0.2.0/24' })).rejects.toMatchObject({ code: 'confirmed-by-hand' })
    const { migrationId, link } = await prepared()
    await db.migration.update({ where: { id: migrationId }, data: { trustedNetworks: ['192.0.2.0/24'] } })
    expect((await redeem(link, newKey())).state).toBe('pending')
  })

  test.each(['0.0.0.0/0', '192.0.2.0/33', '::/0', 'example.org', '192.0.2.0/-1'])(
    '%s is no network',
    async (network) => {
      await expect(prepared({ trustedNetworks: network })).rejects.toThrow(/192\.0\.2\.17/)
    },
  )
})

describe('refused and audited, and nothing is changed:', () => {
  test('any other character in the link', async () => {
    const { link } = await prepared()
    const key = newKey()
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: link.length - 1 }),
        fc.constantFrom('A', 'b', '7', '_', '-', '.'),
        async (at, character) => {
          const altered = link.slice(0, at) + character + link.slice(at + 1)
          if (altered === link) return
          await expect(redeem(altered, key)).rejects.toMatchObject({
            code: expect.stringMatching(/^(invalid-link|link-unknown|link-altered)$/),
          })
        },
      ),
      { numRuns: 150 },
    )
    expect(await db.worker.count({ where: { instanceId: fresh.id } })).toBe(0)
  })

  test('another instance or address written into it', async () => {
    const { migrationId, link } = await prepared()
    const [start, text = '', signature] = link.split('.')
    const facts = JSON.parse(Buffer.from(text, 'base64url').toString())
    for (const change of [
      { instance: 'wt-prod' },
      { url: 'https://elsewhere.example.org' },
      { expiresAt: '2030-01-01T00:00:00Z' },
    ]) {
      const forged = Buffer.from(JSON.stringify({ ...facts, ...change })).toString('base64url')
      await expect(redeem([start, forged, signature].join('.'), newKey())).rejects.toMatchObject({
        code: 'link-altered',
      })
    }
    expect(await refusalsOf(migrationId)).toEqual(['link-altered', 'link-altered', 'link-altered'])
  })

  test('a second host, also one that comes in the same moment', async () => {
    const { migrationId, link } = await prepared()
    const attempts = await Promise.allSettled([redeem(link, newKey()), redeem(link, newKey()), redeem(link, newKey())])
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await db.worker.count({ where: { instanceId: fresh.id } })).toBe(1)
    await expect(redeem(link, newKey())).rejects.toMatchObject({ code: 'link-used' })
    expect(await refusalsOf(migrationId)).toContain('link-used')
  })

  test('a link that is too old, or withdrawn', async () => {
    const old = await prepared({ validHours: 1 })
    await expect(redeem(old.link, newKey(), later(61))).rejects.toMatchObject({ code: 'link-expired' })
    expect(await refusalsOf(old.migrationId)).toEqual(['link-expired'])
    const withdrawn = await prepared()
    await revokeMigration(admin, withdrawn.migrationId, later(1))
    await expect(redeem(withdrawn.link, newKey())).rejects.toMatchObject({ code: 'link-revoked' })
    expect(await refusalsOf(withdrawn.migrationId)).toEqual(['link-revoked'])
    await expect(revokeMigration(admin, withdrawn.migrationId, later(2))).rejects.toMatchObject({
      code: 'migration-over',
    })
    expect(await db.worker.count({ where: { instanceId: fresh.id } })).toBe(0)
  })

  test('a host that is a worker already', async () => {
    const { migrationId, link } = await prepared()
    const other = await createWorker(db, (await createInstance(db)).id)
    await expect(redeem(link, other.keySha256)).rejects.toMatchObject({ code: 'link-of-another-worker' })
    expect(await refusalsOf(migrationId)).toEqual(['link-of-another-worker'])
    expect(await db.worker.count({ where: { instanceId: fresh.id } })).toBe(0)
  })

  test('a host whose worker was revoked meanwhile', async () => {
    const { link } = await prepared()
    const { worker, key } = await confirmed(link)
    await revokeWorker(admin, worker.id)
    await beginMigrations(later(2))
    expect(await restores()).toEqual([])
    await expect(redeem(link, key)).rejects.toMatchObject({ code: 'link-used' })
  })
})

describe('the same host may come again', () => {
  async function afterRestore(state: RunState) {
    const { migrationId, link } = await prepared()
    const { worker, key } = await confirmed(link)
    await beginMigrations(later(2))
    const [restore] = await restores()
    await db.restore.update({ where: { id: restore?.id ?? '' }, data: { state } })
    return { migrationId, link, worker, key }
  }

  test.each(['failed', 'lost'] as const)('and a restore that %s is begun anew, once, by that alone', async (state) => {
    const { link, worker, key } = await afterRestore(state)
    await beginMigrations(later(3))
    expect(await restores()).toHaveLength(1)
    expect(await describeMigration(worker, later(3))).toMatchObject({ state: 'failed' })
    expect((await redeem(link, key, later(4))).id).toBe(worker.id)
    await beginMigrations(later(5))
    await beginMigrations(later(6))
    expect(await restores()).toHaveLength(2)
  })

  test.each(['succeeded', 'warning', 'cancelled'] as const)('but nothing is begun after one that %s', async (state) => {
    const { link, key } = await afterRestore(state)
    await redeem(link, key, later(4))
    await beginMigrations(later(5))
    expect(await restores()).toHaveLength(1)
  })

  test('and not after the link expired', async () => {
    const { link, key } = await afterRestore('failed')
    await expect(redeem(link, key, later(8 * 60 + 1))).rejects.toMatchObject({ code: 'link-expired' })
  })
})

describe('rights', () => {
  test('production as the target must be typed, and is for administrators', async () => {
    await db.instance.update({ where: { id: fresh.id }, data: { environment: 'production' } })
    await expect(prepared()).rejects.toMatchObject({ code: 'slug-not-typed' })
    admin = await userWith('operator')
    await expect(prepared({ typedSlug: fresh.slug })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await db.migration.count()).toBe(0)
  })

  test('those that its maker has when the host comes count', async () => {
    const { migrationId, link } = await prepared()
    const { worker, key } = await confirmed(link)
    await db.user.update({ where: { id: admin.id }, data: { disabledAt: now } })
    await beginMigrations(later(2))
    expect(await restores()).toEqual([])
    expect(await getMigration(migrationId, later(2))).toMatchObject({
      state: 'failed',
      problem: { code: 'maker-gone' },
    })
    expect(await describeMigration(worker, later(2))).toMatchObject({ state: 'failed', isRedeemable: true })
    expect(await describeMigration(worker, later(9 * 60))).toMatchObject({ state: 'expired', isRedeemable: false })
    await db.user.update({ where: { id: admin.id }, data: { disabledAt: null, role: 'viewer' } })
    await redeem(link, key, later(3))
    await beginMigrations(later(4))
    expect(await getMigration(migrationId, later(4))).toMatchObject({ state: 'failed', problem: { code: 'forbidden' } })
    await db.user.update({ where: { id: admin.id }, data: { role: 'admin' } })
    await redeem(link, key, later(5))
    await beginMigrations(later(6))
    expect(await restores()).toHaveLength(1)
  })

  test.each(['goes on', 'is withdrawn', 'expires'])(
    'a migration that they stop is told of to administrators, until it %s',
    async (how) => {
      const { migrationId, link } = await prepared()
      const { key } = await confirmed(link)
      await db.user.update({ where: { id: admin.id }, data: { role: 'viewer' } })
      await beginMigrations(later(2))
      await watch(later(2))
      const subject = `migration:${migrationId}`
      const told = () => db.incident.findFirstOrThrow({ where: { subject }, include: { instances: true } })
      expect(await told()).toMatchObject({
        ...{ kind: 'migration-failed', href: `/migrations/${migrationId}`, closedAt: null },
        instances: [{ instanceId: fresh.id }],
      })
      if (how === 'goes on') await redeem(link, key, later(3))
      if (how === 'is withdrawn') await revokeMigration(admin, migrationId, later(3))
      await watch(how === 'expires' ? later(8 * 60 + 1) : later(4))
      expect(await told()).toMatchObject({ ending: 'recovered' })
    },
  )
})
