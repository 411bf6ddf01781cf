import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Db, openDatabase, setDatabase } from '@/lib/db'
import { migrate } from '@/lib/migrate'

const migrationsFolder = resolve(import.meta.dirname, '../prisma/migrations')
let template: string | undefined

/**
 * An empty SQLite database of the current schema in a folder of its own, and the one that `db()` gives from now on.
 * Migrations run once per test file; further databases are copies. `close` removes the folder.
 */
export async function openTestDatabase(): Promise<{ db: Db; folder: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-database-'))
  setEnvironment(folder)
  const databaseFile = join(folder, 'talekeeper.db')
  copyFileSync(migratedTemplate(), databaseFile)
  const db = openDatabase(databaseFile, migrationsFolder)
  setDatabase(db)
  const close = async () => {
    await db.$disconnect()
    rmSync(folder, { recursive: true, force: true })
  }
  return { db, folder, close }
}

/** Settings of a control plane, where the test did not set its own; read once, so set before anything asks for them. */
function setEnvironment(folder: string): void {
  const settings = {
    PUBLIC_URL: 'http://localhost:3000',
    DATA_FOLDER: folder,
    SEALING_KEY: Buffer.alloc(32, 7).toString('base64'),
    AUTH_SECRET: 'a secret for tests that is long enough',
    REDIS_URL: 'redis://127.0.0.1:1',
  }
  for (const [name, value] of Object.entries(settings)) process.env[name] ??= value
}

function migratedTemplate(): string {
  if (template) return template
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-template-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  template = join(folder, 'template.db')
  migrate(template, migrationsFolder)
  return template
}
