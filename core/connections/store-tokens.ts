import { control } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db, Prisma } from '@/lib/db'
import type { TokenAnswer } from '@/lib/oauth'
import type { SteadyTime } from '@/lib/steady-clock'
import type { FoundConnection } from './find-connection'
import { reconnectNeeded } from './problems'
import { sealTokens, unsealTokens } from './sealed-secrets'
import { noTurn } from './refresh-turn'

export type Granted = Extract<TokenAnswer, { kind: 'granted' }>
/** before the request was made: an access token is never younger than it is taken for */
export type AskedAt = { wall: Date; steady: SteadyTime }

const dayMilliseconds = 86_400_000

/** What the columns of a connection become with a new pair. */
export function tokenColumns(
  { id, provider, method }: Pick<FoundConnection, 'id' | 'provider' | 'method'>,
  granted: Granted,
  refreshToken: string | null,
  { wall, steady }: AskedAt,
) {
  const { unusedDeathDays } = provider
  const dies = method !== 'service' && unusedDeathDays !== null
  return {
    tokens: sealTokens(id, { accessToken: granted.accessToken, refreshToken }),
    tokenVersion: { increment: 1 },
    tokenAt: wall,
    tokenBootId: steady.bootId,
    tokenSteadySeconds: steady.seconds,
    tokenLifetimeSeconds: granted.lifetimeSeconds,
    state: 'connected' as const,
    problem: Prisma.DbNull,
    refreshedAt: wall,
    diesAt: dies ? new Date(wall.getTime() + unusedDeathDays * dayMilliseconds) : null,
    ...noTurn,
  }
}

/**
 * Stores a refreshed pair over the one it was made of; the commit is on the disk before this returns (lib/sqlite-adapter.ts).
 * False: another pair took its place meanwhile, and this one is worth nothing to us.
 */
export async function storeTokens(connection: FoundConnection, granted: Granted, askedAt: AskedAt): Promise<boolean> {
  const refreshToken = granted.refreshToken ?? unsealTokens(connection)?.refreshToken ?? null
  const { count } = await db().connection.updateMany({
    where: { id: connection.id, tokenVersion: connection.tokenVersion },
    data: tokenColumns(connection, granted, refreshToken, askedAt),
  })
  return count === 1
}

/** The provider takes the sign-in no more: said at once, unless another pair took its place meanwhile. */
export async function markReconnectNeeded(connection: FoundConnection, error: string): Promise<void> {
  const problem = reconnectNeeded(connection, error)
  await db().$transaction(async (transaction) => {
    const { count } = await transaction.connection.updateMany({
      where: { id: connection.id, tokenVersion: connection.tokenVersion, state: 'connected' },
      data: { state: 'reconnectNeeded', problem, ...noTurn },
    })
    if (count === 0) return
    await recordAuditEvent(transaction, {
      actor: control,
      action: 'connection.reconnect-needed',
      subject: { kind: 'connection', id: connection.id },
      detail: { slug: connection.slug, error },
    })
  })
}
