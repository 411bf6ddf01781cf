import type { RunState } from '@/lib/db'
import type { MigrationState } from '@/protocol/migration-link'

type Row = {
  expiresAt: Date
  revokedAt: Date | null
  redeemedAt: Date | null
  problem: unknown
  worker: { state: 'pending' | 'active' | 'revoked' } | null
}

/**
 * How far a migration has come. After a restore that failed, its host may ask again until the link expires. Pure.
 */
export function stateOf(row: Row, restore: { state: RunState; requestedAt: Date } | null, now: Date): MigrationState {
  const isOpen = row.revokedAt === null && row.expiresAt > now
  if (restore) {
    if (restore.state === 'queued' || restore.state === 'running') return 'restoring'
    if (restore.state === 'succeeded' || restore.state === 'warning') return 'done'
    if (restore.state === 'cancelled') return 'cancelled'
    const isAskedAgain = row.redeemedAt !== null && row.redeemedAt > restore.requestedAt
    return isAskedAgain && isOpen && row.worker?.state === 'active' && row.problem === null ? 'beginning' : 'failed'
  }
  if (row.problem !== null) return 'failed'
  if (row.revokedAt !== null || row.worker?.state === 'revoked') return 'revoked'
  if (row.expiresAt <= now) return 'expired'
  if (!row.worker) return 'waiting'
  return row.worker.state === 'pending' ? 'pending' : 'beginning'
}
