import { randomUUID } from 'node:crypto'
import { isGood } from '@/core/backups/good-backups'
import { isOpen } from '@/core/restores/is-open'
import { insertRestore, requestRestoreSchema } from '@/core/restores/request-restore'
import { makerOf } from '@/core/users/maker-of'
import { db, isUniqueViolation, Prisma } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import { dropKept } from './drop-kept'
import { isInWindow } from './due-time'
import { listWithTimes, type RefreshRow } from './with-times'
import { acceptedSchema, refreshRequestSchema } from './refresh-request'

/**
 * Asks for the restore of every refresh that is due: of the newest good backup, as the person who made the refresh, with the rights
 * that they have now, and once nothing is left of the run before. What stands against it is kept with the refresh. Several controls
 * may do this at once: of a refresh and a time there is one restore.
 */
export async function beginRefreshes(now = new Date()): Promise<void> {
  for (const { row, dueAt } of await listWithTimes({}, now))
    if (dueAt && isInWindow(dueAt, now)) await begin(row, dueAt, now)
}

async function begin(row: RefreshRow, plannedAt: Date, now: Date): Promise<void> {
  try {
    const actor = await makerOf(row)
    const backupId = await newestBackup(row)
    if ((await isAtWork(row)) || (await dropKept(row))) return
    const request = requestRestoreSchema.parse({
      ...refreshRequestSchema.parse(row.request),
      backupId,
      reason: 'Refresh',
    })
    const refresh = { id: row.id, plannedAt, accepted: acceptedSchema.parse(row.accepted) }
    await insertRestore(actor, request, { restoreId: randomUUID(), check: null, refresh }, now)
    await db().refresh.update({ where: { id: row.id }, data: { problem: Prisma.DbNull } })
  } catch (error) {
    // another control was faster
    if (isUniqueViolation(error)) return
    if (!(error instanceof Problem)) throw error
    await db().refresh.update({ where: { id: row.id }, data: { problem: error.toFacts() } })
  }
}

/** Throws Problem `plan-gone`, `no-good-backup`. */
async function newestBackup({ planId, request }: RefreshRow): Promise<string> {
  if (planId === null)
    throw new Problem({
      code: 'plan-gone',
      text: 'The plan whose backups it takes was deleted.',
      action: 'Restore a backup of another plan once, and make a refresh of that.',
    })
  const { remoteId } = refreshRequestSchema.parse(request)
  const backup = await db().backup.findFirst({
    where: { planId, ...isGood, copies: { some: { presence: 'present', ...(remoteId && { remoteId }) } } },
    orderBy: { sequence: 'desc' },
    select: { id: true },
  })
  if (backup) return backup.id
  throw new Problem({
    code: 'no-good-backup',
    text: 'The remote holds no good backup of its plan.',
    action: 'Look why the plan makes none.',
  })
}

/** Throws Problem `last-run-lost`, since nobody knows whether that one still works on the instance. */
async function isAtWork({ restores }: RefreshRow): Promise<boolean> {
  if (restores.some(({ state }) => state === 'lost'))
    throw new Problem({
      code: 'last-run-lost',
      text: 'Its last run was lost, and may still work on the instance.',
      action: 'Start the worker on its host: it ends that run, and says how.',
    })
  return restores.some(({ state }) => isOpen(state))
}
