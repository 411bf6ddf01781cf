import { Problem } from '@/protocol/problem'
import type { MigrationStanding } from '@/protocol/worker-api'
import { isRedeemable } from './migration-state'
import { listWithStates } from './with-states'

/** How far the newest migration of a worker has come. Throws Problem `no-migration`. */
export async function describeMigration(worker: { id: string }, now = new Date()): Promise<MigrationStanding> {
  const [found] = await listWithStates({ workerId: worker.id }, now, 1)
  if (!found) throw new Problem({ code: 'no-migration', text: 'This worker was not enrolled by a migration link.' })
  const { row, restore, state, problem } = found
  return {
    state,
    restoreId: restore?.id ?? null,
    phase: restore?.tasks[0]?.phase ?? null,
    problem,
    isRedeemable: isRedeemable(row, now),
  }
}
