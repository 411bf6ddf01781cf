import { releaseLock } from '@/core/locks/release-lock'
import { type Backup, Prisma, type Transaction } from '@/lib/db'
import type { EventBody } from '@/protocol/events'
import type { ProblemFacts } from '@/protocol/problem'

type Finished = Extract<EventBody, { type: 'finished' }>

/** Settles a backup as its worker says it ended, frees the instance, and stops retention when the shrink guard says so. */
export async function finishBackup(
  transaction: Transaction,
  backup: Backup,
  finished: Finished,
  now: Date,
): Promise<void> {
  const { state, problem } = truthOf(backup, finished)
  const { summary } = await transaction.backup.update({
    where: { id: backup.id },
    data: { state, problem: problem ?? Prisma.DbNull, finishedAt: now, progress: Prisma.DbNull },
  })
  await releaseLock(transaction, { kind: 'backup', id: backup.id })
  if (state !== 'succeeded' && state !== 'warning') return
  await transaction.copy.updateMany({
    where: { backupId: backup.id },
    data: { presence: 'present', verification: await verificationOf(transaction, backup.id), verifiedAt: now },
  })
  const { held } = (summary ?? { held: [] }) as { held: string[] }
  if (held.length > 0 && backup.planId)
    await transaction.plan.update({
      where: { id: backup.planId },
      data: { heldReason: held.join('\n').slice(0, 4000), heldAt: now },
    })
}

/** Nothing is good without a manifest, and no manifest of ours is without a go. */
function truthOf(backup: Backup, finished: Finished): { state: Finished['state']; problem: ProblemFacts | null } {
  const isGood = finished.state === 'succeeded' || finished.state === 'warning'
  if (!isGood || backup.manifestSha256) return finished
  const text = 'The worker reports a finished backup, but never had its manifest signed.'
  return { state: 'failed', problem: { code: 'finished-without-go', text, action: 'Look at the log of the worker.' } }
}

async function verificationOf(transaction: Transaction, backupId: string): Promise<'uploaded' | 'readBack'> {
  const other = await transaction.part.findFirst({
    where: { artifact: { backupId }, checked: { not: 'read back' } },
  })
  return other ? 'uploaded' : 'readBack'
}
