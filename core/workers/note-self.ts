import { db } from '@/lib/db'

/** Notes that a worker is there, pending ones too: the page that confirms it shows when it last called. */
export async function noteSelf(worker: { id: string }, now = new Date()): Promise<void> {
  await db().worker.update({ where: { id: worker.id }, data: { lastSeenAt: now } })
}
