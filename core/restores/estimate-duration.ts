import { db } from '@/lib/db'

export type Pace = {
  bytesPerSecond: number
  /** what was measured */
  from: 'restores' | 'backups'
  /** how many of them */
  count: number
}

const latest = 10

/**
 * How fast a worker reads from a remote, comparison and all, by its latest restores from there; where there is none, by how fast it
 * writes backups to it. Null: neither was ever measured.
 */
export async function paceOf(workerId: string, remoteId: string): Promise<Pace | null> {
  const restores = await db().restoreTask.findMany({
    where: { workerId, state: { in: ['succeeded', 'warning'] }, fetchedBytes: { gt: 0 }, restore: { remoteId } },
    orderBy: { finishedAt: 'desc' },
    take: latest,
  })
  const restored = paceOver(restores.map(({ fetchedBytes, ...times }) => ({ bytes: fetchedBytes, ...times })))
  if (restored) return { ...restored, from: 'restores' }
  const backups = await db().backup.findMany({
    where: { workerId, state: { in: ['succeeded', 'warning'] }, bytes: { gt: 0 }, copies: { some: { remoteId } } },
    orderBy: { sequence: 'desc' },
    take: latest,
  })
  const backedUp = paceOver(backups)
  return backedUp && { ...backedUp, from: 'backups' }
}

type Run = { bytes: bigint | null; startedAt: Date | null; finishedAt: Date | null }

function paceOver(runs: Run[]): { bytesPerSecond: number; count: number } | null {
  let [bytes, seconds, count] = [0, 0, 0]
  for (const run of runs) {
    if (!run.startedAt || !run.finishedAt || run.finishedAt <= run.startedAt) continue
    bytes += Number(run.bytes ?? 0)
    seconds += (run.finishedAt.getTime() - run.startedAt.getTime()) / 1000
    count++
  }
  return count === 0 ? null : { bytesPerSecond: bytes / seconds, count }
}
