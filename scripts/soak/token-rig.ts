import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { grantAccess } from '@/core/connections/grant-access'
import { sealTokens } from '@/core/connections/sealed-secrets'
import { type FakeProviders, startFakeProviders } from '@/e2e/fake-providers/start'
import type { Db } from '@/lib/db'
import { freePort } from '@/scripts/servers/free-port'
import { stopProcess } from '@/scripts/servers/process'
import { createBoxConnection } from '@/scripts/test-connection'
import { openTestDatabase } from '@/scripts/test-database'
import { createBackup } from '@/scripts/test-rows'
import { createScene, runOf } from '@/scripts/test-scene'

const bundle = '.cache/soak/token-broker.mjs'
const workerCount = 5

export type Access = { id: string; secret: string }
export type TokenRig = {
  db: Db
  fake: FakeProviders
  connectionId: string
  clientId: string
  /** one lease for each of the workers, whose runs never end */
  leases: Access[]
  brokers: Broker[]
  stop: () => Promise<void>
}

/** One connection to the fake Box, two brokers beside the database, and workers with a run in hand: all but the workers are real. */
export async function openTokenRig(): Promise<TokenRig> {
  const fake = await startFakeProviders()
  const { db, folder, close } = await openTestDatabase()
  // what is edited meanwhile does not reach brokers that start late
  const migrationsFolder = join(folder, 'migrations')
  cpSync('prisma/migrations', migrationsFolder, { recursive: true })
  await bundleBroker()
  const { id, app } = await createBoxConnection(db, fake.control)
  const leases: Access[] = []
  for (let number = 0; number < workerCount; number++) leases.push(await leaseOf(db, id))
  const environment = { ...fake.environment, MIGRATIONS_FOLDER: migrationsFolder, LOG_LEVEL: 'silent' }
  const brokers = [new Broker(await freePort(), environment), new Broker(await freePort(), environment)]
  await Promise.all(brokers.map((broker) => broker.start()))
  return {
    ...{ db, fake, connectionId: id, clientId: app.clientId, leases, brokers },
    stop: async () => {
      await Promise.all(brokers.map((broker) => broker.stop()))
      await close()
      await fake.stop()
    },
  }
}

/** As a person who signs in anew. */
export async function reconnect({ db, fake, connectionId, clientId }: TokenRig): Promise<void> {
  const { accessToken, refreshToken } = fake.control.mint('box', clientId)
  const tokens = sealTokens(connectionId, { accessToken, refreshToken })
  const data = { state: 'connected' as const, tokens, tokenVersion: { increment: 1 } }
  await db.connection.update({ where: { id: connectionId }, data })
}

async function leaseOf(db: Db, connectionId: string): Promise<Access> {
  const { instance, plan, worker } = await createScene(db)
  const facts = { instanceId: instance.id, planId: plan.id, planSlug: plan.slug, workerId: worker.id }
  const { id } = await createBackup(db, facts, { state: 'running' })
  const remote = { id, baseFolder: 'WT', backend: 'box' as const, options: {}, connectionId, access: null }
  const spec = (await grantAccess({ remote }, worker, runOf('backup', id))) as { remote: { access: Access } }
  return spec.remote.access
}

async function bundleBroker(): Promise<void> {
  mkdirSync('.cache/soak', { recursive: true })
  await build({
    ...{
      entryPoints: ['scripts/soak/token-broker.ts'],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
    },
    ...{ target: 'node20', external: ['better-sqlite3', '@node-rs/argon2'], logLevel: 'warning' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
}

export class Broker {
  #process: ChildProcess | undefined
  #started: Promise<void> = Promise.resolve()

  constructor(
    readonly port: number,
    private readonly environment: Record<string, string>,
  ) {}

  /** Resolves when it listens; meanwhile it may be killed and stopped, which waits for that. */
  start(): Promise<void> {
    const child = spawn(process.execPath, [resolve(bundle), String(this.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...this.environment },
    })
    this.#process = child
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('a broker ended at its start')))
    this.#started = Promise.race([once(child.stdout, 'data').then(() => undefined), ended])
    return this.#started
  }

  /** With -9; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#started
    const child = this.#process
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async stop(): Promise<void> {
    await this.#started
    if (this.#process) await stopProcess(this.#process)
  }
}
