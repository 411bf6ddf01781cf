import type { z } from 'zod'
import { staleAttempt } from '@/core/workers/refusals'
import { db } from '@/lib/db'
import type { Contribution } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import type { contributionRequestSchema } from '@/protocol/worker-api'
import { assertInHand } from './assert-in-hand'
import { findTask, keyOf, type TaskOfBackup, taskAfter } from './tasks'

/**
 * Keeps what a worker adds to a backup, for the workers after it. The same again is the same, as an answer may be lost.
 * Throws Problem `stale-attempt`, `believed-lost` (try again: sending events overturns it), `cancelled`, `invalid-contribution`.
 */
export async function takeContribution(
  worker: { id: string },
  { run, contribution }: z.infer<typeof contributionRequestSchema>,
  now = new Date(),
): Promise<void> {
  if (run.name !== 'backup') throw staleAttempt()
  await db().$transaction(async (transaction) => {
    const task = await findTask(transaction, worker, run)
    if (!task) throw staleAttempt()
    assertInHand(task)
    assertOwn(task, contribution)
    await transaction.backupTask.update({ where: keyOf(task), data: { contribution, lastSeenAt: now } })
  })
}

/** A worker speaks for what it made itself, into the folder that is known, and only while others come after it. */
function assertOwn(task: TaskOfBackup, { artifacts }: Contribution): void {
  const stray = artifacts.find((artifact) => artifact.worker !== task.worker.slug)
  if (!stray && task.backup.folder && taskAfter(task)) return
  throw new Problem({
    code: 'invalid-contribution',
    text: 'What the worker hands over is not its share of this backup.',
    ...(stray ? { where: stray.name } : {}),
  })
}
