import { readKeptBackups } from '@/core/backups/read-kept-backups'
import { unkept } from '@/core/backups/retention'
import { groupBy } from '@/core/health/group-by'
import type { Db, Transaction } from '@/lib/db'
import { type NextTry, nextTry } from './try-rules'

/** A copy that a further remote of a plan lacks and is to get. */
export type WantedCopy = NextTry & { backupId: string; sequence: number; remoteId: string }

/**
 * What the further remotes of a plan still lack, newest backup first: what lies whole elsewhere, is not older than where copying
 * begins, and would stay there by the retention of that remote. Given up ones are among them. Empty for a plan with one remote.
 */
export async function listWantedCopies(database: Db | Transaction, planId: string, now: Date): Promise<WantedCopy[]> {
  const plan = await database.plan.findUnique({
    where: { id: planId },
    select: { timeZone: true, targets: { orderBy: { position: 'asc' } } },
  })
  const wanted: WantedCopy[] = []
  for (const target of plan?.targets.slice(1) ?? []) {
    const { remoteId, copiesFrom } = target
    const there = { copies: { some: { remoteId, presence: 'present' } } } as const
    const lacking = {
      folder: { not: null },
      ...(copiesFrom === null ? {} : { sequence: { gte: copiesFrom } }),
      AND: [
        { copies: { some: { remoteId: { not: remoteId }, presence: 'present' as const } } },
        { copies: { none: { remoteId, presence: { in: ['present', 'missing', 'pruned'] } } } },
      ],
    } satisfies Parameters<typeof readKeptBackups>[2]
    const timeZone = plan?.timeZone ?? 'UTC'
    const found = await readKeptBackups(database, planId, lacking, timeZone, now)
    const candidates = found.map((backup) => ({ ...backup, busy: false }))
    if (candidates.length === 0) continue
    const present = await readKeptBackups(database, planId, there, timeZone, now)
    const going = new Set(unkept([...present, ...candidates], target, now))
    const staying = candidates.filter(({ id }) => !going.has(id))
    const tries = await readTries(
      database,
      remoteId,
      staying.map(({ id }) => id),
    )
    for (const { id, sequence } of staying)
      wanted.push({ backupId: id, sequence, remoteId, ...nextTry(tries.get(id) ?? []) })
  }
  return wanted.sort((a, b) => b.sequence - a.sequence)
}

async function readTries(database: Db | Transaction, toRemoteId: string, backupIds: string[]) {
  const rows = await database.replication.findMany({
    where: { toRemoteId, backupId: { in: backupIds } },
    orderBy: { requestedAt: 'desc' },
    select: { backupId: true, state: true, requestedById: true, cancelRequestedAt: true, finishedAt: true },
  })
  return groupBy(rows, ({ backupId }) => backupId)
}
