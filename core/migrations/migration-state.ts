import type { RunState } from '@/lib/db'
import type { MigrationState } from '@/protocol/migration-link'

type Row = {
  expiresAt: Date
  revokedAt: Date | null
  redeemedAt: Date | null
  problem: unknown
  worker: { state: 'pending' | 'active' | 'revoked' } | null
}

/** Neither withdrawn nor too old. Pure. */
export function isRedeemable({ revokedAt, expiresAt }: Pick<Row, 'revokedAt' | 'expiresAt'>, now: Date): boolean {
  return revokedAt === null && expiresAt > now
}

/**
 * How far a migration has come. After a restore that failed, its host may ask again until the link expires. Pure.
 */
export function stateOf(row: Row, restore: { state: RunState; requestedAt: Date } | null, now: Date): MigrationState {
  if (restore) {
    if (restore.state === 'queued' || restore.state === 'running') return 'restoring'
    if (restore.state === 'succeeded' || restore.state === 'warning') return 'done'
    if (restore.state === 'cancelled') return 'cancelled'
    const isAskedAgain = row.redeemedAt !== null && row.redeemedAt > restore.requestedAt
    const isOpen = isRedeemable(row, now) && row.worker?.state === 'active' && row.problem === null
    return isAskedAgain && isOpen ? 'beginning' : 'failed'
  }
  if (row.revokedAt !== null || row.worker?.state === 'revoked') return 'revoked'
  if (row.expiresAt <= now) return 'expired'
  if (row.problem !== null) return 'failed'
  if (!row.worker) return 'waiting'
  return row.worker.state === 'pending' ? 'pending' : 'beginning'
}
