import { db } from '@/lib/db'
import { HttpUnreachable } from '@/lib/http'
import { Problem } from '@/protocol/problem'
import { findConnection } from './find-connection'
import { type Access, getAccess } from './get-access'
import { connectProblems } from './connect-problems'
import { AccountRefused } from './providers/provider'
import { type RefreshTimes, refreshTimes } from './refresh-times'

/**
 * Asks the provider whose account it is, with the access token that everyone has: a running job keeps it. One that the provider
 * knows no more is replaced, which shows whether the sign-in still holds. Throws Problem of getAccess, `account-refused`.
 */
export async function checkConnection(connectionId: string, times: RefreshTimes = refreshTimes): Promise<void> {
  const access = await getAccess(connectionId, times)
  if (await isTaken(connectionId, access)) return
  await replaceAccess(connectionId, access.tokenVersion)
  await isTaken(connectionId, await getAccess(connectionId, times))
}

/** Marks a pair as one to be replaced, whatever its age. */
export async function replaceAccess(id: string, tokenVersion: number): Promise<void> {
  await db().connection.updateMany({ where: { id, tokenVersion }, data: { replaceVersion: tokenVersion } })
}

/** Uses an access token to read the account, and saves that. False: the provider does not know the token (401). */
export async function isTaken(connectionId: string, { accessToken }: Pick<Access, 'accessToken'>): Promise<boolean> {
  const { provider } = await findConnection(db(), connectionId)
  try {
    const account = await provider.readAccount(accessToken)
    await db().connection.updateMany({ where: { id: connectionId }, data: { account } })
    return true
  } catch (error) {
    if (error instanceof AccountRefused && error.status === 401) return false
    if (error instanceof AccountRefused) throw new Problem(connectProblems.accountRefused(provider.name))
    if (error instanceof HttpUnreachable) throw new Problem(connectProblems.away(provider.name, error.message))
    throw error
  }
}
