import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSignInLink } from '@/core/users/make-sign-in-link'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { makeSampleTree } from '@/scripts/sample/tree'
import { startDemoMongo } from '@/scripts/servers/demo-mongo'
import { startStack } from '@/scripts/stack'
import { startFakeProviders } from './fake-providers/start'
import type { Surroundings } from './surroundings'

/** Alerts of the stories go to servers of this host. */
const alertSettings = { ALERT_NETWORKS: '127.0.0.0/8', METRICS_TOKEN: 'a token of the stories' }

/**
 * A fresh control plane from the built files, which meets fakes in place of Box and the like, and a small sample instance for the
 * stories to register. Its settings, and the surroundings, are put into the environment of this process.
 */
export async function startSurroundings(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-e2e-'))
  const fake = await startFakeProviders()
  const [stack, mongodb] = await Promise.all([
    startStack(folder, { ...fake.environment, ...alertSettings }),
    startDemoMongo(join(folder, 'mongodb')),
  ])
  Object.assign(process.env, stack.environment)
  const instanceFolder = join(folder, 'instance')
  const [{ url: firstRunUrl }, { configFolder }] = await Promise.all([
    makeSignInLink(stack.url),
    makeSampleTree(instanceFolder, { megabytes: 5, seed: 1 }),
    fillSampleMongodb(mongodb.url, { documents: 500, chunkMegabytes: 1 }),
  ])
  const surroundings: Surroundings = {
    url: stack.url,
    firstRunUrl,
    mongodbUrl: mongodb.url,
    folder,
    instanceFolder,
    configFolder,
    fakeProviders: { controlUrl: fake.controlUrl, proxyUrl: fake.proxyUrl },
  }
  process.env.E2E_SURROUNDINGS = JSON.stringify(surroundings)
  return async () => {
    await Promise.all([stack.stop(), mongodb.stop()])
    await fake.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
