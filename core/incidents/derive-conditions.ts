import type { Condition } from './condition'
import { connectionConditions, type WatchedConnection } from './connection-conditions'
import { migrationConditions, type WatchedMigration } from './migration-conditions'
import { pingConditions, type WatchedPing } from './ping-conditions'
import { planConditions, type WatchedInstance } from './plan-conditions'
import { refreshConditions, type WatchedRefresh } from './refresh-conditions'
import { type RemoteFault, remoteConditions } from './remote-conditions'
import { restoreConditions, type WatchedRestore } from './restore-conditions'
import { systemConditions, type WatchedSystem } from './system-conditions'
import { isHeard, type WatchedWorker, workerConditions } from './worker-conditions'

export type WatchFacts = {
  instances: WatchedInstance[]
  workers: WatchedWorker[]
  remoteFaults: RemoteFault[]
  connections: WatchedConnection[]
  restores: WatchedRestore[]
  migrations: WatchedMigration[]
  refreshes: WatchedRefresh[]
  pings: WatchedPing[]
  system: WatchedSystem
  /** since when workers could be heard without a gap; null: they cannot be heard now */
  hearingSince: Date | null
  /** every remote; with the others, what an incident can be about */
  remoteIds: string[]
}

/** All that is wrong or worth knowing, from facts alone: no clock of its own, no database, no memory. */
export function deriveConditions(facts: WatchFacts, now: Date): Condition[] {
  return [
    ...systemConditions(facts.system, now),
    ...facts.instances.flatMap((instance) => instance.plans.flatMap((plan) => planConditions(instance, plan, now))),
    ...facts.workers.flatMap((worker) => workerConditions(worker, facts.hearingSince, now)),
    ...remoteConditions(facts.instances, facts.remoteFaults),
    ...facts.connections.flatMap((connection) => connectionConditions(connection, now)),
    ...facts.restores.flatMap((restore) => restoreConditions(restore, now)),
    ...facts.migrations.flatMap(migrationConditions),
    ...facts.refreshes.flatMap((refresh) => refreshConditions(refresh, now)),
    ...facts.pings.flatMap((ping) => pingConditions(ping, now)),
  ]
}

/** How a subject stands, so that an incident is not called recovered when nobody looks any more, or nobody knows. */
export type SubjectState = 'there' | 'unknown' | 'paused' | 'gone'

export function subjectStateOf(facts: WatchFacts, now: Date): (subject: string) => SubjectState {
  const states = new Map<string, SubjectState>()
  for (const { plans } of facts.instances)
    for (const { id, paused } of plans) states.set(`plan:${id}`, paused ? 'paused' : 'there')
  for (const worker of facts.workers) states.set(`worker:${worker.id}`, workerState(worker, facts.hearingSince, now))
  for (const id of facts.remoteIds) states.set(`remote:${id}`, 'there')
  for (const { id } of facts.connections) states.set(`connection:${id}`, 'there')
  for (const { id } of facts.restores) states.set(`restore:${id}`, 'there')
  for (const { id } of facts.migrations) states.set(`migration:${id}`, 'there')
  for (const { id, paused } of facts.refreshes) states.set(`refresh:${id}`, paused ? 'paused' : 'there')
  for (const { id } of facts.pings) states.set(`ping:${id}`, 'there')
  for (const { id } of facts.system.channels) states.set(`channel:${id}`, 'there')
  return (subject) => (subject.includes(':') ? (states.get(subject) ?? 'gone') : 'there')
}

/** Of a worker that is not heard, whatever it said last may have changed. */
function workerState(worker: WatchedWorker, hearingSince: Date | null, now: Date): SubjectState {
  if (worker.state === 'revoked') return 'gone'
  return isHeard(worker, hearingSince, now) ? 'there' : 'unknown'
}
