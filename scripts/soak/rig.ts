import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createPlan } from '@/core/plans/create-plan'
import { planDefaults, targetDefaults } from '@/core/plans/schema'
import { db } from '@/lib/db'
import { demoActor, registerInstance } from '@/scripts/demo/register-instance'
import type { Sample } from '@/scripts/demo/sample'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { makeSampleTree } from '@/scripts/sample/tree'
import { startDemoMongo } from '@/scripts/servers/demo-mongo'
import { type Stack, startStack } from '@/scripts/stack'
import { runWorker, type WorkerPlace } from '@/scripts/worker'

export type Rig = {
  folder: string
  /** base folder of the instance on the remote */
  remoteFolder: string
  stack: Stack
  place: WorkerPlace
  /** TMPDIR of the worker and, by inheritance, of every program it starts: how strays are known */
  temporaryFolder: string
  worker: ReturnType<typeof runWorker>
  startWorker: () => void
  /** parts of 1 MiB at 1 MiB a second, so that a run lasts some seconds */
  slowPlanId: string
  quickPlanId: string
  stop: () => Promise<void>
}

/** A whole control plane with short times, a small sample instance, and one worker at work: all real processes. */
export async function openRig(folder: string, lostAfterSeconds = 20): Promise<Rig> {
  mkdirSync(folder, { recursive: true })
  const stopping: (() => Promise<unknown>)[] = []
  const stop = async () => {
    for (const end of stopping.splice(0).reverse()) await end()
  }
  try {
    const times = { LOST_AFTER_SECONDS: String(lostAfterSeconds), TICK_SECONDS: '2' }
    const stack = await startStack(join(folder, 'control-plane'), times)
    stopping.push(() => stack.stop())
    Object.assign(process.env, stack.environment)
    const sample = await prepareSample(folder)
    stopping.push(sample.stop)
    const place = placeIn(folder)
    const plans = await registerPlans(folder, sample, place, stack.url)
    const temporaryFolder = join(folder, 'worker', 'tmp')
    mkdirSync(temporaryFolder, { recursive: true })
    const startWorker = () => runWorker(place, { TMPDIR: temporaryFolder }, ['--heartbeat', '0.5'])
    const rig: Rig = {
      ...{ folder, stack, place, temporaryFolder, stop, ...plans },
      remoteFolder: join(folder, 'remote', 'WT', 'demo'),
      worker: startWorker(),
      startWorker: () => {
        rig.worker = startWorker()
      },
    }
    stopping.push(() => rig.worker.stop())
    return rig
  } catch (error) {
    await stop()
    throw error
  }
}

async function prepareSample(folder: string): Promise<Sample> {
  const homesFolder = join(folder, 'instance', 'homes')
  const server = await startDemoMongo(join(folder, 'mongodb'))
  const { documents } = await fillSampleMongodb(server.url, { documents: 300, chunkMegabytes: 1 })
  const { entries, configFolder } = await makeSampleTree(homesFolder, { megabytes: 4, seed: 1 })
  return { mongodbUrl: server.url, homesFolder, configFolder, documents, entries, stop: server.stop }
}

function placeIn(folder: string): WorkerPlace {
  return {
    folder: join(folder, 'worker'),
    sourceRoots: [join(folder, 'instance')],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [join(folder, 'remote')],
  }
}

async function registerPlans(folder: string, sample: Sample, place: WorkerPlace, url: string) {
  const options = { folder, once: true, reset: false, megabytes: 4 }
  const slowPlanId = await registerInstance(options, sample, place, url)
  const plan = await db().plan.findUniqueOrThrow({
    where: { id: slowPlanId },
    include: { sources: true, targets: true },
  })
  await db().plan.update({ where: { id: slowPlanId }, data: { partBytes: 1024 ** 2, bytesPerSecond: 1024 ** 2 } })
  const quick = await createPlan(demoActor, {
    ...planDefaults,
    instanceId: plan.instanceId,
    slug: 'quick',
    name: 'Quick',
    sourceIds: plan.sources.map(({ sourceId }) => sourceId),
    targets: [{ ...targetDefaults, remoteId: plan.targets[0]?.remoteId ?? '', keepDays: 7 }],
  })
  return { slowPlanId, quickPlanId: quick.id }
}
