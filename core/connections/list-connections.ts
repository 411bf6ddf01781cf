import { type ConnectionState, db } from '@/lib/db'
import { accountOf } from './account'
import { findProvider } from './providers/find-provider'

export type ConnectionListItem = {
  id: string
  name: string
  provider: string
  state: ConnectionState
  /** login or name of the account; null: not known yet */
  account: string | null
  refreshedAt: Date | null
  /** the provider gave no access token when it was asked last */
  hasProblem: boolean
  remotes: number
}

/** All connections by name, with how many remotes use each. */
export async function listConnections(): Promise<ConnectionListItem[]> {
  const rows = await db().connection.findMany({
    orderBy: { name: 'asc' },
    include: { _count: { select: { remotes: true } } },
  })
  return rows.map(({ id, name, provider, state, account, refreshedAt, problem, _count }) => {
    const known = accountOf(account)
    return {
      ...{ id, name, state, refreshedAt, hasProblem: problem !== null, provider: findProvider(provider).name },
      account: known ? known.login || known.name : null,
      remotes: _count.remotes,
    }
  })
}
