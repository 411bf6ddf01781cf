import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { dequeueRun } from '@/core/workers/dequeue-run'
import { enqueueRun } from '@/core/workers/enqueue-run'
import { isSilent } from '@/core/workers/silence-rules'
import { seal } from '@/lib/crypto'
import { db, type Worker } from '@/lib/db'
import { controlPlaneEnv } from '@/lib/env'
import { Problem, problemSchema } from '@/protocol/problem'
import type { Backend, Remote } from '@/protocol/remotes'
import { checkRestoreAnswerSchema } from '@/protocol/restore-check'
import { restorePreviewSchema } from '@/protocol/restore-preview'
import type { MongodbSource, Source } from '@/protocol/sources'
import {
  askSpecSchema,
  type CheckRestoreSpec,
  type PreviewRestoreSpec,
  type SendFileSpec,
  type SendFolderSpec,
  type SendIndexSpec,
} from '@/protocol/specs'
import {
  checkSourceAnswerSchema,
  discoverAnswerSchema,
  foldersAnswerSchema,
  hostKeysAnswerSchema,
  listBackendsAnswerSchema,
  sentAnswerSchema,
  testRemoteAnswerSchema,
} from '@/protocol/worker-api'
import { sealedSpecPlace } from './sealed-spec-place'

const answerSchemas = {
  'test-remote': testRemoteAnswerSchema,
  'list-backends': listBackendsAnswerSchema,
  'list-folder': foldersAnswerSchema,
  'scan-host-key': hostKeysAnswerSchema,
  'check-source': checkSourceAnswerSchema,
  discover: discoverAnswerSchema,
  'check-restore': checkRestoreAnswerSchema,
  'preview-restore': restorePreviewSchema,
  'send-index': sentAnswerSchema,
  'send-file': sentAnswerSchema,
  'send-folder': sentAnswerSchema,
}

type Asked<Spec> = Omit<Spec, 'askId' | 'attempt' | 'instance'>
/** Questions after which the worker sends bytes before it answers. */
export type SendQuestion = Asked<SendIndexSpec> | Asked<SendFileSpec> | Asked<SendFolderSpec>
export type Question =
  | { question: 'test-remote'; remote: Remote; keeper: Remote | null }
  | { question: 'list-backends'; backend: Backend }
  | { question: 'list-folder'; remote: Remote; folder: string; make: boolean }
  | { question: 'scan-host-key'; host: string; port: string }
  | { question: 'check-source'; source: Source }
  | { question: 'discover'; source: MongodbSource }
  | Asked<CheckRestoreSpec>
  | Asked<PreviewRestoreSpec>
  | SendQuestion
export type Answer<Q extends Question['question']> = z.infer<(typeof answerSchemas)[Q]>

const askAgainMilliseconds = 200

/** For questions whose answer takes long: once the worker has taken one, only its own silence ends the waiting. */
type Patience = { id?: string; whileItWorks?: AbortSignal }

/**
 * Asks an active worker a question and waits for its answer. The question is sealed while it waits, and forgotten afterwards:
 * it may hold secrets that are not saved yet.
 * Throws Problem `worker-not-active`, `queue-away`, `worker-silent`, or the one that the worker answers with.
 */
export async function askWorker<Q extends Question>(
  workerId: string,
  question: Q,
  timeoutSeconds = 60,
  patience: Patience = {},
): Promise<Answer<Q['question']>> {
  const { ask, worker } = await insertAsk(workerId, question, patience.id ?? randomUUID())
  const run = { id: ask.id, attempt: ask.attempt }
  if (!(await enqueueRun(worker, 'ask', run))) {
    await giveUp(ask.id)
    throw new Problem({
      code: 'queue-away',
      text: 'Redis, which brings questions to workers, does not answer.',
      action: 'Look whether redis-server runs, then try again.',
    })
  }
  const answered = await waitForAnswer(ask.id, timeoutSeconds, patience)
  if (!answered) {
    await giveUp(ask.id)
    await dequeueRun(worker, 'ask', run)
    throw new Problem({
      code: 'worker-silent',
      text: `The worker “${worker.slug}” did not answer within ${timeoutSeconds} s.`,
      action: `Look whether it runs on ${worker.hostName}: talekeeper-worker doctor tells what it lacks.`,
    })
  }
  if (answered.problem) throw new Problem(problemSchema.parse(answered.problem))
  const schema: z.ZodType = answerSchemas[question.question]
  return schema.parse(answered.answer) as Answer<Q['question']>
}

async function insertAsk(workerId: string, question: Question, id: string) {
  return db().$transaction(async (transaction) => {
    const worker = await transaction.worker.findUnique({ where: { id: workerId }, include: { instance: true } })
    if (worker?.state !== 'active') throw workerNotActive(worker)
    const { id: instanceId, slug } = worker.instance
    const spec = askSpecSchema.parse({ ...question, askId: id, attempt: 1, instance: { id: instanceId, slug } })
    const sealed = seal(JSON.stringify(spec), sealedSpecPlace(id), controlPlaneEnv().sealingKey)
    const ask = await transaction.ask.create({ data: { id, workerId, question: question.question, spec: sealed } })
    return { ask, worker }
  })
}

function workerNotActive(worker: Worker | null): Problem {
  return new Problem({
    code: 'worker-not-active',
    text: worker ? `The worker “${worker.slug}” is ${worker.state}.` : 'There is no such worker.',
    action: 'Choose an active worker.',
  })
}

async function waitForAnswer(askId: string, timeoutSeconds: number, { whileItWorks }: Patience) {
  const end = performance.now() + timeoutSeconds * 1000
  for (;;) {
    const ask = await db().ask.findUnique({ where: { id: askId }, include: { worker: true } })
    if (ask?.answeredAt) return ask
    const isAtWork =
      whileItWorks && ask?.state === 'running' && !isSilent(ask.worker.lastSeenAt ?? ask.askedAt, new Date())
    if (whileItWorks?.aborted) throw whileItWorks.reason
    if (!isAtWork && performance.now() > end) return null
    await sleep(askAgainMilliseconds)
  }
}

async function giveUp(askId: string): Promise<void> {
  await db().ask.updateMany({ where: { id: askId, answeredAt: null }, data: { state: 'lost', spec: '' } })
}
