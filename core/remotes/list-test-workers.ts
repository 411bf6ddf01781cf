import { db } from '@/lib/db'

export type TestWorker = { id: string; slug: string; instance: string; lastSeenAt: Date | null }

/** Workers that could test a remote: the active ones, those seen last first. */
export async function listTestWorkers(): Promise<TestWorker[]> {
  const workers = await db().worker.findMany({
    where: { state: 'active' },
    orderBy: { lastSeenAt: 'desc' },
    select: { id: true, slug: true, lastSeenAt: true, instance: { select: { name: true } } },
  })
  return workers.map(({ instance, ...worker }) => ({ ...worker, instance: instance.name }))
}
