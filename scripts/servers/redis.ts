import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port'
import { stopProcess, waitForPort } from './process'

export type RedisServer = {
  port: number
  /** of web and control: keys below `tk:`, no administration */
  url: string
  /** may set ACL users */
  adminUrl: string
  /** what workers dial */
  workerUrl: string
  process: ChildProcess
  stop: () => Promise<void>
}

/**
 * Starts redis-server on loopback as Talekeeper wants it: append-only, noeviction, ACL users. The default user is off but keeps
 * its rights: Redis 7.0 replays the append-only file as that user and would refuse what BullMQ wrote.
 */
export async function startRedis(
  folder: string,
  options: { port?: number; adminPassword?: string; appPassword?: string } = {},
): Promise<RedisServer> {
  mkdirSync(folder, { recursive: true })
  const port = options.port ?? (await freePort())
  const adminPassword = options.adminPassword ?? randomBytes(16).toString('hex')
  const appPassword = options.appPassword ?? randomBytes(16).toString('hex')
  const config = [
    `bind 127.0.0.1`,
    `port ${port}`,
    `dir ${folder}`,
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    'user default off ~* &* +@all',
    `user admin on >${adminPassword} ~* &* +@all`,
    `user app on >${appPassword} ~tk:* &tk:* +@all -@admin -@dangerous +info`,
  ]
  const file = join(folder, 'redis.conf')
  writeFileSync(file, `${config.join('\n')}\n`, { mode: 0o600 })
  const child = spawn('redis-server', [file], { stdio: 'ignore' })
  await waitForPort(port, child)
  return {
    port,
    url: `redis://app:${appPassword}@127.0.0.1:${port}`,
    adminUrl: `redis://admin:${adminPassword}@127.0.0.1:${port}`,
    workerUrl: `redis://127.0.0.1:${port}`,
    process: child,
    stop: () => stopProcess(child),
  }
}
