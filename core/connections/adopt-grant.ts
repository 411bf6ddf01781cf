import { z } from 'zod'
import type { Actor } from '@/core/audit/actor'
import { recordAuditEvent } from '@/core/audit/record-audit-event'
import { db } from '@/lib/db'
import { HttpUnreachable } from '@/lib/http'
import { log } from '@/lib/log'
import { Problem } from '@/protocol/problem'
import { type Account, accountOf } from './account'
import { connectProblems } from './connect-problems'
import type { FoundConnection } from './find-connection'
import { AccountRefused, type Provider } from './providers/provider'
import { type AskedAt, type Granted, tokenColumns } from './store-tokens'

/**
 * Makes a fresh grant the connection's own: asks whose account it is, refuses another account than before, and saves pair and
 * account together, and the key that it was made with where that is new. Remotes and plans stay. Throws Problem `no-refresh-token`, `wrong-account`, `account-refused`, `provider-away`.
 */
export async function adoptGrant(
  actor: Actor,
  connection: FoundConnection,
  granted: Granted,
  askedAt: AskedAt,
  method: 'web' | 'paste' | 'service',
  newKey: { secrets?: string; clientId?: string } = {},
): Promise<void> {
  if (method !== 'service' && !granted.refreshToken)
    throw new Problem(connectProblems.noRefreshToken(connection.provider.name))
  const account = await proveGrant(connection.provider, granted.accessToken)
  const was = accountOf(connection.account)
  if (was && was.id !== account.id) throw new Problem(connectProblems.wrongAccount(was, account))
  await db().$transaction(async (transaction) => {
    await transaction.connection.update({
      where: { id: connection.id },
      data: {
        ...tokenColumns({ ...connection, method }, granted, granted.refreshToken, askedAt),
        ...{ account, method, connectedAt: askedAt.wall, ...newKey },
      },
    })
    await recordAuditEvent(transaction, {
      actor,
      action: was ? 'connection.reconnect' : 'connection.connect',
      subject: { kind: 'connection', id: connection.id },
      detail: { slug: connection.slug, account: account.login || account.name },
    })
  })
}

/** Whose account it is. Throws Problem `account-refused`, `provider-away`. */
export async function proveGrant(provider: Provider, accessToken: string): Promise<Account> {
  try {
    return await provider.readAccount(accessToken)
  } catch (error) {
    if (error instanceof AccountRefused) throw new Problem(connectProblems.accountRefused(provider.name))
    if (!(error instanceof HttpUnreachable || error instanceof z.ZodError)) throw error
    log.warn({ err: error }, 'the provider did not tell whose account it is')
    throw new Problem(connectProblems.accountUnread(provider.name))
  }
}
