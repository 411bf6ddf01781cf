import type { Db } from '@/lib/db'
import type { EventBody, RunEvent } from '@/protocol/events'
import type { RunReference } from '@/protocol/worker-api'
import { createInstance, createPlan, createRemote, createSource, createWorker } from './test-rows'

/** An instance with one active worker, one tree, one remote and a nightly plan. */
export async function createScene(db: Db) {
  const instance = await createInstance(db)
  const worker = await createWorker(db, instance.id)
  const source = await createSource(db, instance.id, worker.id)
  const remote = await createRemote(db)
  const plan = await createPlan(db, { instanceId: instance.id, sourceIds: [source.id], remoteId: remote.id })
  return { instance, worker, source, remote, plan }
}

/** Events as a worker's journal numbers them, from `first` on. */
export function numbered(bodies: EventBody[], first = 1): RunEvent[] {
  return bodies.map((body, index) => ({ sequence: first + index, at: '2027-01-01T00:00:00.000Z', body }))
}

export function runOf(name: RunReference['name'], id: string, attempt = 1): RunReference {
  return { name, id, attempt }
}

/** The text of a manifest that fits a claimed backup; `changes` go over its fields. */
export function manifestOf(
  spec: {
    backupId: string
    attempt: number
    kind: string
    plannedAt: string | null
    worker: { slug: string }
    instance: { id: string; slug: string }
    plan: { id: string; slug: string }
  },
  changes: Record<string, unknown> = {},
): string {
  const { backupId, attempt, kind, plannedAt, instance, plan } = spec
  const at = '2027-01-01T00:00:00.000Z'
  const artifact = { bytes: 1, rawBytes: 1, rawSha256: null, parts: [], worker: spec.worker.slug }
  return JSON.stringify({
    ...{ format: 1, backupId, attempt, kind, plannedAt, instance, plan },
    ...{ startedAt: at, finishedAt: at, versions: {}, sources: [] },
    artifacts: [{ kind: 'files', name: 'files.tar.zst', trees: [], ...artifact }],
    ...{ warnings: [], warningCount: 0, changedFiles: 0, held: [], encryption: null },
    ...changes,
  })
}
