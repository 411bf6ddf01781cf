import { type LogLine, streamRunLog } from '@/core/workers/run-log'
import { db } from '@/lib/db'
import { Problem } from '@/protocol/problem'

/** All log lines that are kept of a backup, and a name for the file: `wt-prod-nightly-20261123-060000Z`. Throws Problem `not-found`. */
export async function getBackupLog(id: string): Promise<{ name: string; lines: AsyncIterable<LogLine> }> {
  const backup = await db().backup.findUnique({
    where: { id },
    select: { planSlug: true, startedAt: true, requestedAt: true, instance: { select: { slug: true } } },
  })
  if (!backup) throw new Problem({ code: 'not-found', text: 'There is no such backup.' })
  const at = (backup.startedAt ?? backup.requestedAt).toISOString().replace(/[-:]/g, '')
  return {
    name: `${backup.instance.slug}-${backup.planSlug}-${at.slice(0, 8)}-${at.slice(9, 15)}Z`,
    lines: streamRunLog({ name: 'backup', id }),
  }
}
