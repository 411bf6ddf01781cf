import type { z } from 'zod'
import { staleAttempt } from '@/core/workers/refusals'
import { db, Prisma } from '@/lib/db'
import type { answerRequestSchema } from '@/protocol/worker-api'

/** Takes the answer to a question that this worker has in hand, once. Throws Problem `stale-attempt`. */
export async function recordAnswer(
  worker: { id: string },
  { run, problem, answer }: z.infer<typeof answerRequestSchema>,
  now = new Date(),
): Promise<void> {
  const { count } = await db().ask.updateMany({
    where: { id: run.id, workerId: worker.id, attempt: run.attempt, state: 'running' },
    data: {
      state: problem ? 'failed' : 'succeeded',
      problem: problem ?? Prisma.DbNull,
      answer: answer ?? Prisma.DbNull,
      spec: '',
      answeredAt: now,
    },
  })
  if (count !== 1) throw staleAttempt()
}
