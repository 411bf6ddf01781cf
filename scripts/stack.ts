import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { freePort } from './servers/free-port'
import { stopProcess, waitForPort } from './servers/process'
import { type RedisServer, startRedis } from './servers/redis'

/** A whole control plane on loopback, from the built files: Redis, web and control. The demo, the end-to-end tests and the soak share it. */
export type Stack = {
  url: string
  redis: RedisServer
  web: ChildProcess
  control: ChildProcess
  /** settings of web and control, also for scripts that call use cases themselves */
  environment: Record<string, string>
  startWeb: () => Promise<void>
  startControl: () => Promise<void>
  startRedis: () => Promise<void>
  stop: () => Promise<void>
}

const keptSchema = z.object({
  webPort: z.int(),
  redisPort: z.int(),
  adminPassword: z.string(),
  appPassword: z.string(),
  sealingKey: z.string(),
  authSecret: z.string(),
})

/**
 * Starts everything below `folder`; a second start on the same folder finds its ports, keys and data again. Without control,
 * nothing in the database changes by itself.
 */
export async function startStack(
  folder: string,
  settings: Record<string, string> = {},
  { withControl = true } = {},
): Promise<Stack> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const kept = await keptSettings(join(folder, 'stack.json'))
  const openRedis = () =>
    startRedis(join(folder, 'redis'), {
      port: kept.redisPort,
      adminPassword: kept.adminPassword,
      appPassword: kept.appPassword,
    })
  const redis = await openRedis()
  const url = `http://localhost:${kept.webPort}`
  const environment: Record<string, string> = {
    PUBLIC_URL: url,
    DATA_FOLDER: resolve(folder, 'data'),
    MIGRATIONS_FOLDER: resolve('prisma/migrations'),
    SEALING_KEY: kept.sealingKey,
    AUTH_SECRET: kept.authSecret,
    REDIS_URL: redis.url,
    REDIS_ADMIN_URL: redis.adminUrl,
    REDIS_WORKER_URL: redis.workerUrl,
    ...settings,
  }
  const { REDIS_ADMIN_URL: _onlyForControl, ...webEnvironment } = environment
  const stack: Stack = {
    url,
    redis,
    environment,
    web: undefined as never,
    control: undefined as never,
    startWeb: async () => {
      stack.web = startNode('.next/standalone/server.js', join(folder, 'web.log'), {
        ...webEnvironment,
        PORT: String(kept.webPort),
        HOSTNAME: 'localhost',
      })
      await waitForPort(kept.webPort, stack.web)
    },
    startControl: async () => {
      stack.control = startNode('dist/control.mjs', join(folder, 'control.log'), environment)
    },
    startRedis: async () => {
      stack.redis = await openRedis()
    },
    stop: async () => {
      await Promise.all([stack.web, ...(withControl ? [stack.control] : [])].map(stopProcess))
      await stack.redis.stop()
    },
  }
  await stack.startWeb()
  if (withControl) await stack.startControl()
  return stack
}

function startNode(file: string, logFile: string, environment: Record<string, string>): ChildProcess {
  const output = openSync(logFile, 'a', 0o600)
  return spawn(process.execPath, [file], {
    stdio: ['ignore', output, output],
    env: { NODE_ENV: 'production', PATH: process.env.PATH, ...environment },
  })
}

async function keptSettings(file: string): Promise<z.infer<typeof keptSchema>> {
  if (existsSync(file)) return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const secret = (bytes: number) => randomBytes(bytes).toString('hex')
  const kept = {
    webPort: await freePort(),
    redisPort: await freePort(),
    adminPassword: secret(24),
    appPassword: secret(24),
    sealingKey: randomBytes(32).toString('base64'),
    authSecret: secret(32),
  }
  writeFileSync(file, JSON.stringify(kept), { mode: 0o600 })
  chmodSync(file, 0o600)
  return kept
}
