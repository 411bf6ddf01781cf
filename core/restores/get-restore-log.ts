import { type LogLine, streamRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** All log lines that are kept of a restore, and a name for the file. Throws Problem `not-found`. */
export async function getRestoreLog(id: string): Promise<{ name: string; lines: AsyncIterable<LogLine> }> {
  const restore = await db().restore.findUnique({
    where: { id },
    select: { requestedAt: true, instance: { select: { slug: true } } },
  })
  if (!restore) throw new Problem({ code: 'not-found', text: 'There is no such restore.' })
  const at = restore.requestedAt.toISOString().replace(/[-:]/g, '')
  return {
    name: `${restore.instance.slug}-restore-${at.slice(0, 8)}-${at.slice(9, 15)}Z`,
    lines: streamRunLog({ name: 'restore', id }),
  }
}
