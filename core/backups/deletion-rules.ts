import type { Prisma, Transaction } from '@/lib/db'
import type { ProblemFacts } from '@/protocol/problem'
import { isGood } from './good-backups'
import { isPinned } from './is-pinned'

/** What the rules below look at; `copies` are those that lie on a remote. */
export const deletionInclude = {
  plan: { select: { heldAt: true } },
  copies: { where: { presence: { in: ['present', 'missing'] } } },
  restores: { where: { state: { in: ['queued', 'running'] } } },
  replications: { where: { state: { in: ['queued', 'running'] } } },
} satisfies Prisma.BackupInclude
type Row = Prisma.BackupGetPayload<{ include: typeof deletionInclude }>

/** Why nobody may delete a backup by hand; null: they may. Pure. */
export function deletionObstacle(backup: Row, isLastGood: boolean, now: Date): ProblemFacts | null {
  if (backup.copies.length === 0)
    return { code: 'not-there', text: 'This backup lies on no remote: there is nothing to delete.' }
  if (isPinned(backup, now))
    return {
      code: 'pinned',
      text: 'This backup is pinned, so that nobody deletes it.',
      action: 'Unpin it first, if the reason of the pin is gone.',
    }
  if (backup.restores.length > 0)
    return {
      code: 'being-restored',
      text: 'A restore reads this backup at this moment.',
      action: 'Wait until it has ended.',
    }
  if (backup.replications.length > 0)
    return {
      code: 'being-copied',
      text: 'This backup is being copied to another remote at this moment.',
      action: 'Wait until it is copied, or cancel the copying.',
    }
  if (backup.plan?.heldAt && !isLastGood)
    return {
      code: 'held',
      text: 'Nothing older than the newest backup of this plan is deleted while its shrink guard stands.',
      action: 'Look at what became less on the page of the plan, and accept it there; or delete the newest backup.',
    }
  return null
}

/** True where no newer good backup of the same plan lies on one of the remotes that hold this one, and this one is good. */
export async function isLastGoodSomewhere(transaction: Transaction, backup: Row): Promise<boolean> {
  for (const { remoteId } of backup.copies)
    if ((await newestGoodFrom(transaction, backup, remoteId)) === backup.id) return true
  return false
}

type Place = Pick<Row, 'instanceId' | 'planId' | 'planSlug' | 'sequence'>

/** The id of the newest good backup of the same plan on that remote, from this one on; null: there is none. */
export async function newestGoodFrom(
  transaction: Transaction,
  { instanceId, planId, planSlug, sequence }: Place,
  remoteId: string,
): Promise<string | null> {
  const copies = { some: { remoteId, presence: 'present' as const } }
  const newest = await transaction.backup.findFirst({
    where: { instanceId, planId, planSlug, sequence: { gte: sequence }, ...isGood, copies },
    orderBy: { sequence: 'desc' },
    select: { id: true },
  })
  return newest?.id ?? null
}
