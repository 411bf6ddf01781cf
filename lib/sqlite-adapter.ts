import { setTimeout as sleep } from 'node:timers/promises'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { IsolationLevel, SqlDriverAdapter, SqlQuery } from '@prisma/driver-adapter-utils'
import type Database from 'better-sqlite3'

/**
 * Prisma's better-sqlite3 adapter runs everything on one connection: a plain query made while another request's interactive
 * transaction is open joins that transaction and is lost on its rollback; and its deferred BEGIN makes read-then-write
 * transactions of two processes fail at once. This one has a reader and a writer connection, one write lock, BEGIN IMMEDIATE.
 * `synchronous = FULL`: a committed token or state change survives a power cut.
 */
export class SafeSqlite extends PrismaBetterSqlite3 {
  override async connect(): Promise<SqlDriverAdapter> {
    const writer = await super.connect()
    const reader = await super.connect()
    const writerDatabase = databaseOf(writer)
    for (const database of [writerDatabase, databaseOf(reader)]) {
      database.pragma('journal_mode = WAL')
      database.pragma('synchronous = FULL')
      database.pragma('foreign_keys = ON')
    }
    // waiting happens in `whenFree`: SQLite's own waiting would stand still with the whole process
    writerDatabase.pragma('busy_timeout = 0')
    databaseOf(reader).pragma('busy_timeout = 10000')
    databaseOf(reader).pragma('query_only = ON')
    leaveBeginToUs(writerDatabase)
    return serialised(writer, reader)
  }
}

/** The adapter keeps its better-sqlite3 handle in a private field; lib/db.test.ts fails when that changes. */
function databaseOf(adapter: SqlDriverAdapter): Database.Database {
  return (adapter as unknown as { client: Database.Database }).client
}

/**
 * The adapter's own BEGIN does nothing: ours has begun before. (It would be a deferred one, and when it failed, the adapter would
 * keep its inner mutex and hang for ever.)
 */
function leaveBeginToUs(database: Database.Database) {
  const prepare = database.prepare.bind(database)
  const nothing = { run: () => ({ changes: 0, lastInsertRowid: 0 }) } as unknown as Database.Statement
  database.prepare = ((sql: string) => (sql === 'BEGIN' ? nothing : prepare(sql))) as typeof database.prepare
}

/** SQLite's own limit; Prisma believes that it is 999, and refuses to read 1,000 plans with what belongs to them. */
const mostParameters = 32_766

function serialised(writer: SqlDriverAdapter, reader: SqlDriverAdapter): SqlDriverAdapter {
  const lock = mutex()
  const alone = async <T>(run: () => Promise<T>) => {
    const release = await lock()
    try {
      return await whenFree(run)
    } finally {
      release()
    }
  }
  const { queryRaw, executeRaw, executeScript, startTransaction, dispose } = bound(writer)
  writer.queryRaw = (query: SqlQuery) =>
    /^\s*select\b/i.test(query.sql) ? reader.queryRaw(query) : alone(() => queryRaw(query))
  writer.getConnectionInfo = () => ({ supportsRelationJoins: false, maxBindValues: mostParameters })
  writer.executeRaw = (query: SqlQuery) => alone(() => executeRaw(query))
  writer.executeScript = (script: string) => alone(() => executeScript(script))
  writer.startTransaction = async (isolation?: IsolationLevel) => {
    const release = await lock()
    try {
      await whenFree(async () => databaseOf(writer).exec('BEGIN IMMEDIATE'))
      const transaction = await startTransaction(isolation)
      const commit = transaction.commit.bind(transaction)
      const rollback = transaction.rollback.bind(transaction)
      transaction.commit = () => commit().finally(release)
      transaction.rollback = () => rollback().finally(release)
      return transaction
    } catch (error) {
      release()
      throw error
    }
  }
  writer.dispose = async () => {
    await reader.dispose()
    await dispose()
  }
  return writer
}

const busyLimitMilliseconds = 10_000
const busyPauseMilliseconds = 5

/** Runs a write again while another process holds the database, for at most ten seconds. */
async function whenFree<T>(run: () => Promise<T>): Promise<T> {
  const end = performance.now() + busyLimitMilliseconds
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error
      await sleep(busyPauseMilliseconds)
    }
  }
}

/** SQLite's own error, or what the adapter makes of it. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, cause } = error as Error & { code?: string; cause?: { kind?: string } }
  return code?.startsWith('SQLITE_BUSY') || cause?.kind === 'SocketTimeout'
}

function bound(adapter: SqlDriverAdapter) {
  return {
    queryRaw: adapter.queryRaw.bind(adapter),
    executeRaw: adapter.executeRaw.bind(adapter),
    executeScript: adapter.executeScript.bind(adapter),
    startTransaction: adapter.startTransaction.bind(adapter),
    dispose: adapter.dispose.bind(adapter),
  }
}

function mutex(): () => Promise<() => void> {
  let tail: Promise<void> = Promise.resolve()
  return () => {
    const previous = tail
    let release!: () => void
    tail = new Promise<void>((resolve) => {
      release = resolve
    })
    return previous.then(() => release)
  }
}
