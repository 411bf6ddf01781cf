import { accountOf } from '@/core/connections/account'
import { db } from '@/lib/db'

export type ConnectionChoice = {
  id: string
  name: string
  /** the backend of the remotes that may use it */
  provider: string
  state: 'entered' | 'connected' | 'reconnectNeeded' | 'disconnected'
  /** OneDrive's own drive, where the provider told it */
  drive: { id: string; type: string } | null
}

/** The connections that a remote may take its access from, by name. */
export async function listConnectionChoices(): Promise<ConnectionChoice[]> {
  const connections = await db().connection.findMany({
    orderBy: { name: 'asc' },
    select: { id: true, name: true, provider: true, state: true, account: true },
  })
  return connections.map(({ account, ...connection }) => {
    const { driveId = null, driveType = null } = accountOf(account) ?? {}
    return { ...connection, drive: driveId !== null && driveType !== null ? { id: driveId, type: driveType } : null }
  })
}
