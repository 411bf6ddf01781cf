import { setTimeout as sleep } from 'node:timers/promises'
import { type BackupDetail, getBackup } from '@/core/backups/get-backup'
import { db } from '@/lib/db'
import { type Comparison, comparisonSchema } from '@/protocol/events'
import { problemSchema } from '@/protocol/problem'

const openStates = ['queued', 'running']

/** Waits until a backup has ended well. Throws with its problem when it did not. */
export async function awaitBackup(id: string): Promise<BackupDetail> {
  for (;;) {
    const backup = await getBackup(id)
    if (!openStates.includes(backup.state)) {
      if (backup.state === 'succeeded' || backup.state === 'warning') return backup
      throw new Error(`the backup ended as ${backup.state}: ${describe(backup.problem)}`)
    }
    await sleep(200)
  }
}

/** Waits until a restore has ended and returns what its comparison found. Throws with its problem when there is none. */
export async function awaitRestore(restoreId: string): Promise<Comparison> {
  for (;;) {
    const task = await db().restoreTask.findFirstOrThrow({ where: { restoreId } })
    if (!openStates.includes(task.state)) {
      const comparison = comparisonSchema.safeParse(task.comparison)
      if (comparison.success) return comparison.data
      throw new Error(`the restore ended as ${task.state}: ${describe(task.problem)}`)
    }
    await sleep(200)
  }
}

/** Waits until the scratch place of a restore is gone. Throws with the problem when it could not be removed. */
export async function awaitDiscard(restoreId: string): Promise<void> {
  for (;;) {
    const task = await db().restoreTask.findFirstOrThrow({ where: { restoreId } })
    if (task.discardState && !openStates.includes(task.discardState)) {
      if (task.discardState === 'succeeded' || task.discardState === 'warning') return
      throw new Error(`the scratch place could not be removed: ${describe(task.discardProblem)}`)
    }
    await sleep(200)
  }
}

function describe(problem: unknown): string {
  const parsed = problemSchema.safeParse(problem)
  return parsed.success ? `${parsed.data.text} ${parsed.data.action ?? ''}` : 'no reason was given'
}
