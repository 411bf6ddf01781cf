import type { Db, Transaction } from '@/lib/db'
import type { BackupRows } from './backup-rows'

/** Inserts backups with all that belongs to them, in one transaction: one sync of the disk for thousands of rows. */
export async function writeBackups(db: Db, rows: BackupRows[]): Promise<void> {
  await db.$transaction(
    async (transaction) => {
      await insert(
        transaction,
        'Backup',
        rows.map(({ backup }) => backup),
      )
      await insert(
        transaction,
        'Copy',
        rows.flatMap(({ copies }) => copies),
      )
      await insert(
        transaction,
        'Artifact',
        rows.flatMap(({ artifacts }) => artifacts),
      )
      await insert(
        transaction,
        'Part',
        rows.flatMap(({ parts }) => parts),
      )
      await insert(
        transaction,
        'BackupPhase',
        rows.flatMap(({ phases }) => phases),
      )
      await insert(
        transaction,
        'BackupWarning',
        rows.flatMap(({ warnings }) => warnings),
      )
    },
    { timeout: 120_000 },
  )
}

/**
 * All rows in one statement with one parameter, a hundred times faster than Prisma's createMany. What a row does not name is
 * NULL, unless no row names it: then the table's own default counts.
 */
async function insert(transaction: Transaction, table: string, rows: object[]): Promise<void> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  if (columns.length === 0) return
  const values = rows.map((row) => columns.map((column) => stored(Reflect.get(row, column))))
  const names = columns.map((column) => `"${column}"`).join(', ')
  const picks = columns.map((_, index) => `value ->> ${index}`).join(', ')
  await transaction.$executeRawUnsafe(
    `INSERT INTO "${table}" (${names}) SELECT ${picks} FROM json_each(?)`,
    JSON.stringify(values),
  )
}

/** As Prisma keeps it in SQLite. */
function stored(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace('Z', '+00:00')
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'object' && value !== null) return JSON.stringify(value)
  return value ?? null
}
