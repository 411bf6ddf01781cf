import { randomUUID } from 'node:crypto'
import { insertRestore, requestRestoreSchema } from '@/core/restores/request-restore'
import { makerOf } from '@/core/users/maker-of'
import { db, Prisma } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { listWithStates, type MigrationRow } from './with-states'

/**
 * Asks for the restore of every migration whose host is there and confirmed, as the person who made the link, with the rights that
 * they have now. What stands against it is kept with the migration. Several controls may do this at once.
 */
export async function beginMigrations(now = new Date()): Promise<void> {
  const open = await listWithStates({ workerId: { not: null }, revokedAt: null, expiresAt: { gt: now } }, now)
  for (const { row, state } of open) if (state === 'beginning') await begin(row, now)
}

async function begin(row: MigrationRow, now: Date): Promise<void> {
  try {
    const actor = await makerOf(row)
    const restoreId = await chooseRestoreId(row)
    if (!restoreId) return
    const { workerId, mongodbSourceId } = row
    const request = requestRestoreSchema.parse({ ...Object(row.request), workerId, mongodbSourceId })
    await insertRestore(actor, request, { restoreId, check: null }, now)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    await db().migration.update({ where: { id: row.id }, data: { problem: error.toFacts() } })
  }
}

/** Null when another control was faster. An id whose restore was never written is used again. */
async function chooseRestoreId(row: MigrationRow): Promise<string | null> {
  const isUnused = row.restoreId !== null && !(await db().restore.findUnique({ where: { id: row.restoreId } }))
  if (isUnused) return row.restoreId
  const restoreId = randomUUID()
  const { count } = await db().migration.updateMany({
    where: { id: row.id, restoreId: row.restoreId },
    data: { restoreId, problem: Prisma.DbNull },
  })
  return count === 1 ? restoreId : null
}
