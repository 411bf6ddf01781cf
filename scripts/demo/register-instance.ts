import { join } from 'node:path'
import type { Actor } from '@/core/audit/actor'
import { createInstance } from '@/core/instances/create-instance'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { enrolWorker, type WorkerPlace } from '@/scripts/worker'
import { fingerprintOf } from '@/protocol/worker-api'
import type { DemoOptions } from './options'
import type { Sample } from './sample'

export const demoActor: Actor = { kind: 'terminal', id: null, name: 'demo' }

/** Registers the sample instance at the first start: worker, sources, remote and nightly plan. Returns the plan. */
export async function registerInstance(
  options: Pick<DemoOptions, 'folder'>,
  sample: Sample,
  place: WorkerPlace,
  url: string,
): Promise<string> {
  const existing = await db().plan.findFirst({ where: { instance: { slug: 'demo' } } })
  if (existing) return existing.id

  const instance = await createInstance(demoActor, { slug: 'demo', name: 'Demo instance', environment: 'testing' })
  const workerId = await enrolAsUsual(instance.id, place, url)
  const sourceIds = await createSources(workerId, sample)
  const remote = await createRemote(demoActor, {
    backend: 'local',
    slug: 'local-folder',
    name: 'Folder on the fileserver',
    baseFolder: join(options.folder, 'remote', 'WT'),
    options: {},
    secrets: {},
    forget: [],
  })
  const plan = await createPlan(demoActor, {
    ...planDefaults,
    instanceId: instance.id,
    slug: 'nightly',
    name: 'Nightly',
    sourceIds,
    targets: [{ ...targetDefaults, remoteId: remote.id, keepDays: 7 }],
  })
  return plan.id
}

/** A one-time token, the worker's own program, and the administrator's click that compares fingerprints. */
async function enrolAsUsual(instanceId: string, place: WorkerPlace, url: string): Promise<string> {
  const { token } = await makeEnrolment(demoActor, { instanceId, workerSlug: 'fileserver' })
  await enrolWorker(place, url, token)
  const worker = await db().worker.findFirstOrThrow({ where: { instanceId, slug: 'fileserver' } })
  await confirmWorker(demoActor, { workerId: worker.id, fingerprint: fingerprintOf(worker.keySha256) })
  return worker.id
}

async function createSources(workerId: string, sample: Sample): Promise<string[]> {
  return [
    await createSource(demoActor, 'demo', {
      kind: 'mongodb',
      slug: 'mongodb',
      workerId,
      reach: 'direct',
      connection: sample.mongodbUrl,
      databases: null,
      consistency: 'best',
      tools: 'auto',
    }),
    await createSource(demoActor, 'demo', {
      kind: 'tree',
      slug: 'homes',
      workerId,
      path: sample.homesFolder,
      exclude: [sample.configFolder],
      oneFileSystem: true,
      mustBeMount: false,
    }),
    await createSource(demoActor, 'demo', { kind: 'config', slug: 'config', workerId, paths: [sample.configFolder] }),
  ]
}
