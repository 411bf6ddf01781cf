import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

type Migration = { name: string; sql: string; checksum: string }
type AppliedRow = { migration_name: string; checksum: string; finished_at: unknown; rolled_back_at: unknown }

/** Prisma's own table, so that `prisma migrate status` agrees with what is applied here. */
const migrationsTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

/**
 * Applies the committed migrations to a SQLite file, each in a transaction of its own, without the Prisma CLI.
 * Returns the names of those applied now. Several processes may call it at once.
 * Throws when a migration fails, was changed after it was applied, or is unknown here (a database of a newer version).
 */
export function migrate(databaseFile: string, migrationsFolder: string): string[] {
  const migrations = readMigrations(migrationsFolder)
  const database = new Database(databaseFile, { timeout: 30_000 })
  try {
    database.pragma('journal_mode = WAL')
    // must be off before BEGIN: inside a transaction the pragma does nothing, and DROP TABLE of a redefined table would cascade
    database.pragma('foreign_keys = OFF')
    database.exec(migrationsTable)
    const applied: string[] = []
    for (;;) {
      const name = applyNext(database, migrations)
      if (!name) return applied
      applied.push(name)
    }
  } finally {
    database.close()
  }
}

function readMigrations(folder: string): Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
}

function applyNext(database: Database.Database, migrations: Migration[]): string | undefined {
  database.exec('BEGIN IMMEDIATE')
  try {
    const next = firstPending(database, migrations)
    if (!next) {
      database.exec('ROLLBACK')
      return undefined
    }
    database.exec(next.sql)
    const orphans = database.pragma('foreign_key_check') as unknown[]
    if (orphans.length) throw new Error(`migration ${next.name} leaves ${orphans.length} rows that point nowhere`)
    const now = Date.now()
    database
      .prepare(
        'INSERT INTO "_prisma_migrations"(id,checksum,migration_name,finished_at,started_at,applied_steps_count) VALUES(?,?,?,?,?,1)',
      )
      .run(randomUUID(), next.checksum, next.name, now, now)
    database.exec('COMMIT')
    return next.name
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function firstPending(database: Database.Database, migrations: Migration[]): Migration | undefined {
  const rows = database
    .prepare('SELECT migration_name, checksum, finished_at, rolled_back_at FROM "_prisma_migrations"')
    .all() as AppliedRow[]
  const applied = new Set<string>()
  for (const row of rows.filter((row) => !row.rolled_back_at)) {
    const name = row.migration_name
    const known = migrations.find((migration) => migration.name === name)
    if (!row.finished_at) throw new Error(`migration ${name} failed earlier: restore the database from its copy`)
    if (!known)
      throw new Error(
        `the database has migration ${name}, unknown here: it was used by a newer Talekeeper; upgrade this one`,
      )
    if (known.checksum !== row.checksum) throw new Error(`migration ${name} was changed after it was applied`)
    applied.add(name)
  }
  return migrations.find((migration) => !applied.has(migration.name))
}
