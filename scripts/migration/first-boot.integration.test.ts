import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { serialize } from 'bson'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import type { Actor } from '@/core/audit/actor'
import { requestBackup } from '@/core/backups/request-backup'
import { prepareMigration } from '@/core/migrations/prepare-migration'
import { revokeMigration } from '@/core/migrations/revoke-migration'
import { type PrepareMigrationInput, prepareMigrationSchema } from '@/core/migrations/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { MongoServer } from '@/lib/mongo-driver'
import { policySchema } from '@/protocol/policy'
import { fingerprintOf } from '@/protocol/worker-api'
import { type Stack, startStack } from '@/scripts/stack'
import { createInstance, createPlan, createUser } from '@/scripts/test-rows'
import { enrolWorker, runWorker } from '@/scripts/worker'
import { FreshHost } from './fresh-host'
import { exampleWith, parseUserData, type UserDataValues } from './user-data'

/**
 * Promise: a fresh host restores at first boot by a migration link, goes on after it was cut off, and nobody else can use the link.
 * The built control plane and worker, a MongoDB-compatible server and the files of deploy/ are real; the host is a mount namespace.
 */
const canBoot = spawnSync('unshare', ['--mount', '--propagation', 'private', 'curl', '--version']).status === 0
if (!canBoot)
  process.stderr.write('SKIPPED: the first boot of a fresh host needs root, for a mount namespace, and curl.\n')
const program = 'dist/talekeeper-worker.mjs'
const within = { timeout: 60_000, interval: 100 }
const database = `migration_${process.pid}`
let folder: string
let stack: Stack
let downloads: Server
let server: MongoServer
let admin: Actor
let backupId: string
let original: string
const hosts: FreshHost[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-migration-'))
  stack = await startStack(folder)
  Object.assign(process.env, stack.environment)
  await fetch(`${stack.url}/api/health`)
  downloads = createServer((_, response) => response.end(readFileSync(program))).listen(0, '127.0.0.1')
  server = await MongoServer.connect(inject('mongodbUrl'))
  const user = await createUser(db())
  admin = { kind: 'user', id: user.id, name: user.name, role: 'admin' }
  if (canBoot) backupId = await backUpOldHost()
})
afterAll(async () => {
  for (const host of hosts) host.remove()
  if (existsSync(join(folder, 'homes', '.talekeeper'))) rmSync(join(folder, 'homes'), { recursive: true })
  await server.dropDatabase(database)
  await server.close()
  downloads.close()
  await db().$disconnect()
  await stack.stop()
  rmSync(folder, { recursive: true, force: true })
})

const homes = () => join(folder, 'homes')
/** Kind, mode, size, content and link target of all that lies there. */
function treeOf(): string {
  // not the number of links of a folder: what is kept beside counts there
  const list = `cd '${homes()}' && find . -path ./.talekeeper -prune -o -type d -printf '%p %m\\n' -o -printf '%p %y %m %n %l\\n' | sort
    find . -path ./.talekeeper -prune -o -type f -print0 | sort -z | xargs -0 sha256sum`
  return execFileSync('sh', ['-c', list], { encoding: 'utf8' })
}
const documents = async () => {
  const found: string[] = []
  for await (const batch of server.readRaw(database, 'user'))
    found.push(...batch.map((raw) => Buffer.from(raw).toString('base64')))
  return found
}

/** The host that is to be replaced: homes with links, and a database; then it is gone. */
async function backUpOldHost(): Promise<string> {
  mkdirSync(join(homes(), 'a', 'ada'), { recursive: true })
  writeFileSync(join(homes(), 'a', 'ada', 'data'), 'what Ada wrote\n'.repeat(100_000), { mode: 0o640 })
  linkSync(join(homes(), 'a', 'ada', 'data'), join(homes(), 'a', 'linked'))
  symlinkSync('/nowhere', join(homes(), 'a', 'dangling'))
  await server.insertRaw(database, 'user', [serialize({ _id: 1, login: 'ada' }), serialize({ _id: 2, login: 'ben' })])
  const old = await createInstance(db())
  const place = {
    ...{
      folder: join(folder, 'old-worker'),
      sourceRoots: [homes()],
      restoreRoots: [],
      localRemoteRoots: [join(folder, 'remote')],
    },
  }
  const { token } = await makeEnrolment(admin, { instanceId: old.id, workerSlug: 'fileserver' })
  await enrolWorker(place, stack.url, token)
  const worker = await db().worker.findFirstOrThrow({ where: { instanceId: old.id } })
  await confirmWorker(admin, { workerId: worker.id, fingerprint: fingerprintOf(worker.keySha256) })
  const ofWorker = { workerId: worker.id }
  const tree = {
    kind: 'tree' as const,
    slug: 'homes',
    path: homes(),
    exclude: [],
    oneFileSystem: true,
    mustBeMount: false,
  }
  const mongodb = {
    ...{ kind: 'mongodb' as const, slug: 'mongodb', reach: 'direct' as const, connection: inject('mongodbUrl') },
    ...{ databases: [database], consistency: 'plain' as const, tools: 'built-in' as const },
  }
  const sourceIds = [
    await createSource(admin, old.slug, { ...tree, ...ofWorker }),
    await createSource(admin, old.slug, { ...mongodb, ...ofWorker }),
  ]
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
  const baseFolder = join(folder, 'remote', 'WT')
  const remote = await createRemote(admin, { ...local, slug: 'disk', name: 'Disk', baseFolder })
  const plan = await createPlan(db(), { instanceId: old.id, sourceIds, remoteId: remote.id })
  const running = runWorker(place)
  const { backupId: id } = await requestBackup(admin, plan.id)
  await vi.waitFor(async () => {
    const { state, problem } = await db().backup.findUniqueOrThrow({ where: { id } })
    expect([state, problem]).toEqual(['succeeded', null])
  }, within)
  await running.stop()
  original = treeOf()
  return id
}

function tidy(): Promise<unknown> {
  rmSync(homes(), { recursive: true, force: true })
  mkdirSync(homes(), { mode: 0o755 })
  return server.dropDatabase(database)
}

async function prepared(changes: Partial<PrepareMigrationInput> = {}) {
  const instance = await createInstance(db())
  const made = await prepareMigration(
    admin,
    prepareMigrationSchema.parse({
      ...{
        backupId,
        instanceId: instance.id,
        workerSlug: 'fileserver',
        way: 'inPlace',
        connection: inject('mongodbUrl'),
      },
      ...{ validHours: 8, trustedNetworks: '', reason: 'a new machine room', ...changes },
    }),
  )
  return { ...made, instance }
}

function valuesOf(link: string): UserDataValues {
  const { port } = downloads.address() as AddressInfo
  const workerSha256 = createHash('sha256').update(readFileSync(program)).digest('hex')
  return { link, workerUrl: `http://127.0.0.1:${port}/talekeeper-worker.mjs`, workerSha256, sourceRoots: [homes()] }
}

/** As a person who edits the example: its remote is a folder, too. */
function freshHost(link: string, changes: Partial<UserDataValues> = {}): FreshHost {
  const userData = exampleWith({ ...valuesOf(link), ...changes })
  const policy = userData.write_files.find(({ path }) => path.endsWith('policy.json'))
  if (!policy) throw new Error('the user data has no policy')
  const allowed = policySchema.parse(JSON.parse(policy.content))
  policy.content = JSON.stringify({
    ...allowed,
    ...{ backends: [...allowed.backends, 'local'], localRemoteRoots: [join(folder, 'remote')] },
  })
  const host = new FreshHost(mkdtempSync(join(tmpdir(), 'talekeeper-fresh-host-')), userData)
  hosts.push(host)
  return host
}

const workerOf = (instanceId: string) => db().worker.findFirstOrThrow({ where: { instanceId } })
const restoresInto = (instanceId: string) =>
  db().restore.findMany({ where: { instanceId }, orderBy: { requestedAt: 'asc' } })

test.runIf(canBoot)(
  'from a trusted network it needs nobody: worker fetched, enrolled, restored, and started for good',
  async () => {
    await tidy()
    const { link, instance } = await prepared({ trustedNetworks: '127.0.0.0/8, ::1' })
    const host = freshHost(link)
    const boot = host.firstBoot()
    expect([await boot.ended, boot.output()]).toEqual([0, expect.stringContaining('Restored')])
    expect(treeOf()).toBe(original)
    expect(await documents()).toHaveLength(2)
    expect(await restoresInto(instance.id)).toMatchObject([{ state: 'succeeded', requestedById: admin.id }])
    expect(readFileSync(host.at('systemctl.log'), 'utf8')).toBe('enable --now talekeeper-worker.service\n')
    expect(existsSync(host.at('/etc/talekeeper/migration-link'))).toBe(false)
    expect(boot.output()).not.toContain(link)
    // at the next boot there is nothing to do
    expect(await host.firstBoot().ended).toBe(0)

    const thief = freshHost(link)
    const stolen = thief.firstBoot()
    expect([await stolen.ended, stolen.output()]).toEqual([1, expect.stringContaining('belongs to another host')])
    expect(existsSync(thief.at('/var/lib/talekeeper-worker/identity.json'))).toBe(false)
    const refusal = await db().auditEvent.findFirstOrThrow({ where: { action: 'migration.refuse' } })
    expect(refusal).toMatchObject({ instanceId: instance.id, detail: { reason: 'link-used' } })
  },
)

test.runIf(canBoot)('killed while it waits to be confirmed, and failed once, the same host goes on', async () => {
  await tidy()
  const { link, instance } = await prepared()
  const host = freshHost(link)
  const first = host.firstBoot()
  await vi.waitFor(() => expect(first.output()).toContain('Waiting: compare the fingerprint'), within)
  process.kill(-(first.process.pid ?? 0), 'SIGKILL')
  await first.ended
  const worker = await workerOf(instance.id)
  expect(worker.state).toBe('pending')

  // the remote is not there yet
  renameSync(join(folder, 'remote'), join(folder, 'elsewhere'))
  const second = host.firstBoot()
  await vi.waitFor(() => expect(second.output()).toContain(`Fingerprint: ${fingerprintOf(worker.keySha256)}`), within)
  await confirmWorker(admin, { workerId: worker.id, fingerprint: fingerprintOf(worker.keySha256) })
  expect(await second.ended).toBe(1)
  expect(await restoresInto(instance.id)).toMatchObject([{ state: 'failed' }])
  expect(treeOf()).not.toBe(original)
  expect(existsSync(host.at('systemctl.log'))).toBe(false)

  renameSync(join(folder, 'elsewhere'), join(folder, 'remote'))
  const third = host.firstBoot()
  expect([await third.ended, third.output()]).toEqual([0, expect.stringContaining('Restored')])
  expect(await restoresInto(instance.id)).toMatchObject([{ state: 'failed' }, { state: 'succeeded' }])
  expect(treeOf()).toBe(original)
  expect((await workerOf(instance.id)).id).toBe(worker.id)
})

test.runIf(canBoot)('onto a host that holds data only by a link that was made for that', async () => {
  await tidy()
  writeFileSync(join(homes(), 'stray'), 'somebody needs this')
  const trustedNetworks = '127.0.0.0/8, ::1'
  const { link } = await prepared({ trustedNetworks })
  const refused = freshHost(link).firstBoot()
  expect(await refused.ended).toBe(1)
  expect(refused.output()).toContain(`Data stands already where this restore would put its own: ${homes()} (stray).`)
  expect(readdirSync(homes())).toEqual(['stray'])

  const { link: other } = await prepared({ trustedNetworks, ontoData: 'on' })
  const boot = freshHost(other).firstBoot()
  expect([await boot.ended, boot.output()]).toEqual([0, expect.stringContaining('Restored')])
  expect(treeOf()).toBe(original)
})

test.runIf(canBoot)('withdrawn while it waits, it is told so, and not to try again', async () => {
  await tidy()
  const { migrationId, link, instance } = await prepared()
  const host = freshHost(link)
  const boot = host.firstBoot()
  await vi.waitFor(() => expect(boot.output()).toContain('Waiting: compare the fingerprint'), within)
  await revokeMigration(admin, migrationId)
  expect(await boot.ended).toBe(1)
  expect(boot.output()).toContain('was withdrawn in the dashboard')
  expect(boot.output()).not.toContain('Repeat this command')
  expect(await restoresInto(instance.id)).toEqual([])
})

test.runIf(canBoot)('a worker with another checksum is not run', async () => {
  const { link, instance } = await prepared()
  const host = freshHost(link, { workerSha256: 'f'.repeat(64) })
  const boot = host.firstBoot()
  expect(await boot.ended).not.toBe(0)
  expect(boot.output()).toContain('FAILED')
  expect(existsSync(host.at('/usr/local/bin/talekeeper-worker'))).toBe(false)
  expect(await db().worker.count({ where: { instanceId: instance.id } })).toBe(0)
})

test('the example holds the very files that lie beside it, and a policy that a worker takes', () => {
  const { write_files: files } = exampleWith(valuesOf('tkm1.link'))
  const contentOf = (path: string) => files.find((file) => file.path === path)?.content
  const beside = {
    '/usr/local/sbin/talekeeper-first-boot': 'deploy/cloud-init/first-boot.sh',
    '/etc/systemd/system/talekeeper-first-boot.service': 'deploy/cloud-init/talekeeper-first-boot.service',
    '/etc/systemd/system/talekeeper-worker.service': 'deploy/systemd/talekeeper-worker.service',
  }
  for (const [path, file] of Object.entries(beside))
    expect([path, contentOf(path)]).toEqual([path, readFileSync(file, 'utf8')])
  expect(files.find(({ path }) => path === '/etc/talekeeper/migration-link')?.permissions).toBe('0600')
  expect(policySchema.parse(JSON.parse(contentOf('/etc/talekeeper/policy.json') ?? '')).inPlaceRestore).toBe(true)
})

test('Terraform’s module makes the same user data as the example, and refuses what is no link', ({ skip }) => {
  const isThere = spawnSync('terraform', ['version']).error === undefined
  if (!isThere) process.stderr.write('SKIPPED: no terraform on this host; deploy/terraform/ was not rendered.\n')
  skip(!isThere)
  const values = {
    ...valuesOf(`tkm1.${'a'.repeat(60)}.${'b'.repeat(86)}`),
    workerUrl: 'https://downloads.example.org/w.mjs',
  }
  const place = join(folder, 'terraform')
  mkdirSync(place)
  const write = (link: string) =>
    writeFileSync(
      join(place, 'main.tf.json'),
      JSON.stringify({
        module: {
          talekeeper: {
            ...{ source: relative(place, 'deploy/terraform'), migration_link: link, worker_url: values.workerUrl },
            ...{ worker_sha256: values.workerSha256, source_roots: values.sourceRoots },
          },
        },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own
        output: { user_data: { value: '${module.talekeeper.user_data}', sensitive: true } },
      }),
    )
  const terraform = (...words: string[]) => {
    const environment = { ...process.env, CHECKPOINT_DISABLE: '1' }
    return spawnSync('terraform', [`-chdir=${place}`, ...words], { encoding: 'utf8', env: environment })
  }
  write('https://not-a-link')
  expect(terraform('init', '-input=false').status).toBe(0)
  expect(terraform('apply', '-auto-approve', '-input=false')).toMatchObject({
    ...{ status: 1, stderr: expect.stringContaining('not a migration link') },
  })
  write(values.link)
  const applied = terraform('apply', '-auto-approve', '-input=false')
  expect(applied.status, applied.stderr).toBe(0)
  const { stdout } = terraform('output', '-raw', 'user_data')
  expect(parseUserData(stdout)).toEqual(exampleWith(values))
})
