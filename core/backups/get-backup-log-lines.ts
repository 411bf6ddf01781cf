import { type LogPage, type LogPosition, readRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

const linesPerPage = 500

/** The latest log lines of a backup before a place in it, all of them or those with a text. Throws Problem `not-found`. */
export async function getBackupLogLines(id: string, wanted: { before?: LogPosition; text?: string }): Promise<LogPage> {
  const known = await db().backup.findUnique({ where: { id }, select: { id: true } })
  if (!known) throw new Problem({ code: 'not-found', text: 'There is no such backup.' })
  return readRunLog({ name: 'backup', id }, { ...wanted, limit: linesPerPage })
}
