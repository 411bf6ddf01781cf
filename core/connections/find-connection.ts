import type { Connection, Db, Transaction } from '@/lib/db'
import { findProvider } from './providers/find-provider'
import type { ConnectionSettings, Provider } from './providers/provider'
import { noSuchConnection } from './problems'
import { settingsSchema } from './schema'

export type FoundConnection = Omit<Connection, 'provider' | 'settings'> & {
  provider: Provider
  settings: ConnectionSettings
}

/** A connection with what its provider is. Throws Problem `connection-not-found`. */
export async function findConnection(database: Db | Transaction, id: string): Promise<FoundConnection> {
  const row = await database.connection.findUnique({ where: { id } })
  if (!row) throw noSuchConnection()
  return { ...row, provider: findProvider(row.provider), settings: settingsSchema.parse(row.settings) }
}
