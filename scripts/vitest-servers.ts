import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startDemoMongo } from './servers/demo-mongo'
import { startRedis } from './servers/redis'

declare module 'vitest' {
  export interface ProvidedContext {
    redis: { port: number; url: string; adminUrl: string; workerUrl: string }
    /** mongodb:// address of a server that tests share; use database names of your own */
    mongodbUrl: string
  }
}

/** Real servers, started once for all integration tests. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-servers-'))
  const [redis, mongodb] = await Promise.all([
    startRedis(join(folder, 'redis')),
    startDemoMongo(join(folder, 'mongodb')),
  ])
  const { port, url, adminUrl, workerUrl } = redis
  project.provide('redis', { port, url, adminUrl, workerUrl })
  project.provide('mongodbUrl', mongodb.url)
  return async () => {
    await Promise.all([redis.stop(), mongodb.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}
