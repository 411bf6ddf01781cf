import { db } from '@/lib/db'
import { type SteadyTime, steadyNow } from '@/lib/steady-clock'

/**
 * One refresh at a time a connection, across processes: the turn stands in the row and ends by itself when its owner dies. It
 * spares requests; what keeps tokens from getting lost is that a pair is stored only over the one it was made of.
 */

type Turn = { refreshOwner: string | null; refreshBootId: string | null; refreshUntilSeconds: number | null }

function isFree(turn: Turn, now: SteadyTime): boolean {
  return (
    turn.refreshOwner === null || turn.refreshBootId !== now.bootId || (turn.refreshUntilSeconds ?? 0) <= now.seconds
  )
}

/** `passed`: the tokens are of another version by now, and there is nothing to refresh. */
export function takeTurn(
  connectionId: string,
  tokenVersion: number,
  owner: string,
  turnSeconds: number,
): Promise<'taken' | 'busy' | 'passed'> {
  return db().$transaction(async (transaction) => {
    const connection = await transaction.connection.findUnique({ where: { id: connectionId } })
    if (connection?.tokenVersion !== tokenVersion || connection.state !== 'connected') return 'passed'
    const now = steadyNow()
    if (!isFree(connection, now)) return 'busy'
    await transaction.connection.update({ where: { id: connectionId }, data: turnUntil(owner, now, turnSeconds) })
    return 'taken'
  })
}

/** Keeps the turn while its owner waits for the provider. */
export async function keepTurn(connectionId: string, owner: string, turnSeconds: number): Promise<void> {
  await db().connection.updateMany({
    where: { id: connectionId, refreshOwner: owner },
    data: turnUntil(owner, steadyNow(), turnSeconds),
  })
}

export async function giveTurnBack(connectionId: string, owner: string): Promise<void> {
  await db().connection.updateMany({ where: { id: connectionId, refreshOwner: owner }, data: noTurn })
}

export const noTurn = { refreshOwner: null, refreshBootId: null, refreshUntilSeconds: null }

function turnUntil(owner: string, now: SteadyTime, turnSeconds: number) {
  return { refreshOwner: owner, refreshBootId: now.bootId, refreshUntilSeconds: now.seconds + turnSeconds }
}
