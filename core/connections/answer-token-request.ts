import { sha256Hex } from '@/lib/crypto'
import { type AccessLease, db, type Transaction } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { jobNameSchema } from '@/protocol/jobs'
import { getAccess } from './get-access'
import { isInHand } from './is-in-hand'
import { proveAccess } from './prove-access'
import { type RefreshTimes, refreshTimes } from './refresh-times'
import { expiresInOf } from './token-age'

/** OAuth’s own answer to a refresh (RFC 6749 section 5); no refresh token is in it, so that rclone keeps what it has. */
export type TokenGrant = { access_token: string; token_type: 'bearer'; expires_in: number }

/**
 * The token broker: a worker’s rclone shows the lease of its run and gets the connection’s one access token. Asking twice gives
 * the same. Throws Problem `invalid-lease`, `run-over`, or one of getAccess.
 */
export async function answerTokenRequest(
  credentials: { id: string; secret: string },
  times: RefreshTimes = refreshTimes,
): Promise<TokenGrant> {
  const lease = await db().accessLease.findUnique({ where: { secretSha256: sha256Hex(credentials.secret) } })
  if (!lease || lease.id !== credentials.id)
    throw new Problem({ code: 'invalid-lease', text: 'Talekeeper did not hand out these credentials.' })
  await assertHolds(db(), lease)
  for (;;) {
    const access = await getAccess(lease.connectionId, times)
    const { accessToken, tokenVersion, useSeconds } = access
    if (tokenVersion === lease.tokenVersion && !(await proveAccess(lease.connectionId, access))) continue
    // a worker that is revoked in this moment either gets nothing, or is known to hold this token
    if (await noteUse(lease, tokenVersion))
      return { access_token: accessToken, token_type: 'bearer', expires_in: expiresInOf(useSeconds) }
  }
}

/** Notes which pair a lease got its access token of. False: that pair is no longer the one. */
function noteUse(lease: AccessLease, tokenVersion: number): Promise<boolean> {
  return db().$transaction(async (transaction) => {
    await assertHolds(transaction, lease)
    const connection = await transaction.connection.findUnique({ where: { id: lease.connectionId } })
    if (connection?.tokenVersion !== tokenVersion || connection.replaceVersion === tokenVersion) return false
    await transaction.accessLease.update({ where: { id: lease.id }, data: { usedAt: new Date(), tokenVersion } })
    return true
  })
}

async function assertHolds(database: Transaction, lease: AccessLease): Promise<void> {
  const worker = await database.worker.findUnique({ where: { id: lease.workerId } })
  const run = { name: jobNameSchema.parse(lease.runName), id: lease.runId, attempt: lease.attempt }
  if (worker?.state === 'active' && (await isInHand(database, worker, run))) return
  throw new Problem({
    code: 'run-over',
    text: 'This run is over, or no longer in the hands of this worker: it gets no access to the remote any more.',
  })
}
