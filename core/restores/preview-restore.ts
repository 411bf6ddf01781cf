import { askWorker } from '@/core/asks/ask-worker'
import type { Actor } from '@/core/audit/actor'
import { maskedFixUps } from '@/core/fix-up-profiles/masked-fix-ups'
import { db } from '@/lib/db'
import { log } from '@/lib/log'
import { Problem, type ProblemFacts, toProblemFacts } from '@/protocol/problem'
import { type RestorePreview, restorePreviewSchema } from '@/protocol/restore-preview'
import { askedInPlace, askedRestore } from './asked-restore'
import { assertTarget } from './assert-target'
import { requestRestoreSchema } from './request-restore'

/** `preview` and `problem` null: it is under way. */
export type PreviewProgress = { preview: RestorePreview | null; problem: ProblemFacts | null }

/** So long the worker may take to begin; once it has, only its silence ends the waiting. */
const beginSeconds = 120

type Look = { controller: AbortController; problem: ProblemFacts | null }
const shared = globalThis as typeof globalThis & { talekeeperPreviews?: Map<string, Look> }

/** By check: those under way, and those that failed and were not told yet. */
function looks(): Map<string, Look> {
  shared.talekeeperPreviews ??= new Map()
  return shared.talekeeperPreviews
}

/**
 * How far the preview of a checked restore in place is; begins it where nobody did. It is kept with the check, and then with the
 * restore. A failure is told once, and begun anew after that. Throws Problem `check-over`, `not-in-place`.
 */
export async function previewRestore(actor: Actor, checkId: string): Promise<PreviewProgress> {
  const check = await ownCheck(actor, checkId)
  if (check.preview) return { ...underWay, preview: restorePreviewSchema.parse(check.preview) }
  const look = looks().get(checkId)
  if (look?.problem) {
    looks().delete(checkId)
    return { ...underWay, problem: look.problem }
  }
  if (!look) begin(checkId)
  return underWay
}

/** Nobody waits for it any more. Throws Problem `check-over`. */
export async function cancelPreview(actor: Actor, checkId: string): Promise<void> {
  await ownCheck(actor, checkId)
  looks().get(checkId)?.controller.abort(cancelled())
}

const underWay: PreviewProgress = { preview: null, problem: null }

async function ownCheck(actor: Actor, id: string) {
  const check = await db().restoreCheck.findUnique({ where: { id } })
  if (check && check.requestedById === actor.id) return check
  throw new Problem({
    code: 'check-over',
    text: 'This check was used already, is too old, or somebody else’s.',
    action: 'Check once more.',
  })
}

function begin(checkId: string): void {
  const look: Look = { controller: new AbortController(), problem: null }
  looks().set(checkId, look)
  lookAt(checkId, look.controller.signal).then(
    () => looks().delete(checkId),
    (error: unknown) => {
      if (look.controller.signal.aborted) return looks().delete(checkId)
      if (!(error instanceof Problem)) log.error({ err: error, checkId }, 'a restore could not be previewed')
      look.problem = toProblemFacts(error)
    },
  )
}

async function lookAt(checkId: string, whileItWorks: AbortSignal): Promise<void> {
  const check = await db().restoreCheck.findUniqueOrThrow({ where: { id: checkId } })
  const request = requestRestoreSchema.parse(check.request)
  const { inPlace } = request
  if (!inPlace) throw notInPlace()
  const backup = await db().backup.findUniqueOrThrow({ where: { id: request.backupId } })
  const worker = await assertTarget(db(), request, backup)
  const preview = await askWorker(
    worker.id,
    {
      question: 'preview-restore',
      ...(await askedRestore(checkId, request)),
      inPlace: await askedInPlace(worker, request.backupId, inPlace),
      fixUps: await maskedFixUps(worker.instanceId, request.fixUps),
    },
    beginSeconds,
    { whileItWorks },
  )
  await db().restoreCheck.updateMany({ where: { id: checkId }, data: { preview } })
}

function notInPlace(): Problem {
  return new Problem({ code: 'not-in-place', text: 'A restore beside changes nothing that is there.' })
}

function cancelled(): Problem {
  return new Problem({ code: 'preview-cancelled', text: 'Nobody waits for this preview any more.' })
}
