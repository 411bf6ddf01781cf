import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Actor } from '@/core/audit/actor'
import { createInstance } from '@/core/instances/create-instance'
import { createRemote } from '@/core/remotes/create-remote'
import { createSource } from '@/core/sources/create-source'
import { confirmWorker } from '@/core/workers/confirm-worker'
import { makeEnrolment } from '@/core/workers/make-enrolment'
import { db } from '@/lib/db'
import { fingerprintOf } from '@/protocol/worker-api'
import { SeededRandom } from '@/scripts/sample/random'
import { enrolWorker, runWorker, type WorkerPlace } from '@/scripts/worker'

export type TwoWorkers = {
  actor: Actor
  instanceId: string
  sourceIds: string[]
  remoteId: string
  /** base folder of the instance on the remote */
  remoteFolder: string
  homes: string
  certificates: string
  fileserver: WorkerPlace
  manager: WorkerPlace
  /** TMPDIR of a worker and of every program it starts: how what is left of it is known */
  temporaryFolderOf: (place: WorkerPlace) => string
  run: (place: WorkerPlace) => ReturnType<typeof runWorker>
}

const actor: Actor = { kind: 'terminal', id: null, name: 'two workers' }

/**
 * An instance of two hosts, each a worker of its own with its own policy: homes on the fileserver, certificates on the manager.
 * Both write to one remote, a folder that both see. The workers are enrolled and confirmed, not started.
 */
export async function makeTwoWorkers(folder: string, url: string, slug: string): Promise<TwoWorkers> {
  const homes = fill(join(folder, 'homes'), 2)
  const certificates = fill(join(folder, 'certificates'), 3)
  const remote = join(folder, 'remote')
  const placeOf = (name: string, source: string): WorkerPlace => ({
    folder: join(folder, name),
    sourceRoots: [source],
    restoreRoots: [join(folder, 'restored')],
    localRemoteRoots: [remote],
  })
  const [fileserver, manager] = [placeOf('fileserver', homes), placeOf('manager', certificates)]
  const { id: instanceId } = await createInstance(actor, { slug, name: `Two hosts ${slug}`, environment: 'testing' })
  const tree = { kind: 'tree' as const, exclude: [], oneFileSystem: true, mustBeMount: false }
  const sourceIds: string[] = []
  for (const [place, workerSlug, path] of [
    [fileserver, 'fileserver', homes],
    [manager, 'manager', certificates],
  ] as const) {
    const workerId = await enrolled(instanceId, workerSlug, place, url)
    const sourceSlug = workerSlug === 'manager' ? 'certificates' : 'homes'
    sourceIds.push(await createSource(actor, slug, { ...tree, slug: sourceSlug, workerId, path }))
  }
  const local = { backend: 'local' as const, options: {}, secrets: {}, forget: [] }
  const { id: remoteId } = await createRemote(actor, { ...local, slug, name: slug, baseFolder: join(remote, 'WT') })
  const temporaryFolderOf = (place: WorkerPlace) => join(place.folder, 'tmp')
  const run = (place: WorkerPlace) => {
    mkdirSync(temporaryFolderOf(place), { recursive: true })
    return runWorker(place, { TMPDIR: temporaryFolderOf(place) }, ['--heartbeat', '0.5'])
  }
  return {
    ...{ actor, instanceId, sourceIds, remoteId, remoteFolder: join(remote, 'WT', slug) },
    ...{ homes, certificates, fileserver, manager, temporaryFolderOf, run },
  }
}

/** Files that do not shrink, of so many mebibytes. */
function fill(folder: string, mebibytes: number): string {
  mkdirSync(folder, { recursive: true })
  const random = new SeededRandom(mebibytes)
  for (let number = 0; number < mebibytes; number++)
    writeFileSync(join(folder, `file-${number}`), random.bytes(1024 ** 2))
  return folder
}

async function enrolled(instanceId: string, workerSlug: string, place: WorkerPlace, url: string): Promise<string> {
  const { token } = await makeEnrolment(actor, { instanceId, workerSlug })
  await enrolWorker(place, url, token)
  const { id, keySha256 } = await db().worker.findFirstOrThrow({ where: { instanceId, slug: workerSlug } })
  await confirmWorker(actor, { workerId: id, fingerprint: fingerprintOf(keySha256) })
  return id
}
