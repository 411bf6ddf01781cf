import { notClaimable } from '@/core/workers/refusals'
import { unseal } from '@/lib/crypto'
import { db } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { type AskSpec, askSpecSchema } from '@/protocol/specs'
import { sealedSpecPlace } from './sealed-spec-place'

/** Hands a question to its worker, once. Throws Problem `not-claimable`. */
export async function claimAsk(worker: { id: string }, run: { id: string; attempt: number }): Promise<AskSpec> {
  const { count } = await db().ask.updateMany({
    where: { id: run.id, workerId: worker.id, attempt: run.attempt, state: 'queued' },
    data: { state: 'running' },
  })
  if (count !== 1) throw notClaimable()
  const ask = await db().ask.findUniqueOrThrow({ where: { id: run.id } })
  // whoever asked gave up in this moment
  if (!ask.spec) throw notClaimable()
  return askSpecSchema.parse(JSON.parse(unseal(ask.spec, sealedSpecPlace(ask.id), controlPlaneEnv().sealingKey)))
}
