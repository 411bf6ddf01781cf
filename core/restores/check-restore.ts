import { randomUUID } from 'node:crypto'
import { askWorker } from '@/core/asks/ask-worker'
import type { Actor } from '@/core/audit/actor'
import { fixUpCheckLines } from '@/core/fix-up-profiles/fix-up-check-lines'
import { isSilent } from '@/core/workers/silence-rules'
import { type Db, db, type Prisma, type Transaction } from '@/lib/db'
import { Problem, problemSchema, toProblemFacts } from '@/protocol/problem'
import type { CheckLine } from '@/protocol/restore-check'
import { askedInPlace, askedRestore } from './asked-restore'
import { assertRestorable } from './assert-restorable'
import { assertTarget } from './assert-target'
import type { Draft } from './draft'
import { inPlaceLines } from './in-place-lines'
import { type ResolvedDraft, resolveDraft } from './resolve-draft'
import { refusalOf } from './restore-rules'

/** What a worker that does not know of restores in place here says of a folder that none uses. */
const ofScratchPlace = ['policy', 'space', 'folder', 'filesystem']

/** What a person is shown, and confirms or not. */
export type RestoreCheck = { id: string; lines: CheckLine[] }

const patienceSeconds = 115

/**
 * Has the target's worker look at all that the restore needs, adds what the dashboard knows itself, and keeps both for the
 * confirmation. Throws Problem: of resolveDraft, assertRestorable, assertTarget, refusalOf, `index-not-stored`.
 */
export async function checkRestore(
  actor: Actor,
  backupId: string,
  draft: Draft,
  now = new Date(),
): Promise<RestoreCheck> {
  const resolved = await resolveDraft(backupId, draft)
  if (resolved.entries === null) throw indexNotStored()
  if (resolved.isNothing) throw nothingChosen()
  const { request } = resolved
  const { backup, remoteId } = await assertRestorable(db(), backupId, request.remoteId)
  const worker = await assertTarget(db(), request, backup)
  const isOther = worker.instanceId !== backup.instanceId
  const isInPlace = request.inPlace !== null
  const refusal = refusalOf(actor, { environment: worker.instance.environment, isOther, isInPlace })
  if (refusal) throw refusal
  const id = randomUUID()
  const lines = [
    ...(await copyLines(backupId, remoteId)),
    ...(request.inPlace ? await inPlaceLines(request, { worker, backup, remoteId }) : []),
    ...(isOther ? await otherInstanceLines(db(), worker.instanceId, remoteId) : []),
    ...(isOther ? await fixUpCheckLines(request, worker.instanceId) : []),
    ...(await askedLines(id, resolved, worker, now)),
  ]
  await db().restoreCheck.create({
    data: { id, request, lines, requestedById: actor.kind === 'user' ? actor.id : null, madeAt: now },
  })
  return { id, lines }
}

async function copyLines(backupId: string, remoteId: string): Promise<CheckLine[]> {
  const copy = await db().copy.findUniqueOrThrow({
    where: { backupId_remoteId: { backupId, remoteId } },
    include: { backup: true, remote: { select: { name: true } } },
  })
  const lines: CheckLine[] = []
  const fault = problemSchema.array().catch([]).parse(copy.faults)[0]
  if (fault)
    lines.push({
      ...{
        name: 'copy',
        level: 'amber',
        text: `The last look at the copy on ${copy.remote.name} found: ${fault.text}`,
      },
      action: 'Choose another copy or another backup, if there is one.',
    })
  if (copy.backup.origin === 'foreign')
    lines.push({
      ...{ name: 'origin', level: 'amber' },
      text: 'No key of this dashboard has signed this backup: nobody can tell who made it.',
      action:
        'Restore it only if you know where it comes from. The restore reads what was there when it was taken over.',
    })
  return lines
}

/** What a restore into another instance leaves behind, and what its worker gets to know. */
export async function otherInstanceLines(
  database: Db | Transaction,
  instanceId: string,
  remoteId: string,
): Promise<CheckLine[]> {
  const lines: CheckLine[] = [
    {
      ...{ name: 'other-instance', level: 'green', action: null },
      text: 'Of another instance: setuid and setgid bits, file capabilities and device nodes stay behind, and are named.',
    },
  ]
  const uses = await database.planTarget.count({ where: { remoteId, plan: { instanceId } } })
  if (uses === 0)
    lines.push({
      ...{ name: 'credentials', level: 'amber' },
      text: 'No plan of the target’s instance uses this remote: for the restore its worker gets the credentials of a remote that it does not have yet.',
      action: 'Go on if that host may read, and perhaps write, what lies on the remote.',
    })
  return lines
}

async function askedLines(
  restoreId: string,
  { request, entries, treeBytes }: ResolvedDraft,
  worker: Prisma.WorkerGetPayload<{ include: { instance: true } }>,
  now: Date,
): Promise<CheckLine[]> {
  if (worker.lastSeenAt === null || isSilent(worker.lastSeenAt, now)) return [silentWorker(worker)]
  try {
    const { lines } = await askWorker(
      worker.id,
      {
        question: 'check-restore',
        ...(await askedRestore(restoreId, request)),
        expectedBytes: request.artifacts === null && request.selection === null ? null : treeBytes,
        ...(request.inPlace && {
          inPlace: await askedInPlace(worker, request.backupId, request.inPlace),
        }),
        owners: (entries ?? []).flatMap(({ owner }) => (owner ? [owner] : [])).slice(0, 100),
      },
      patienceSeconds,
    )
    const alive = `The worker ${worker.slug} on ${worker.hostName} answers.`
    const ofPlace = lines.filter(({ name }) => !request.inPlace || !ofScratchPlace.includes(name))
    return [{ name: 'worker', level: 'green', text: alive, action: null }, ...ofPlace]
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { text, action } = toProblemFacts(error)
    return [{ name: 'worker', level: 'red', text, action: action ?? null }]
  }
}

export function silentWorker({ slug, hostName }: { slug: string; hostName: string }): CheckLine {
  return {
    ...{
      name: 'worker',
      level: 'red',
      text: `Nothing was heard of the worker ${slug} on ${hostName} for some minutes.`,
    },
    action: 'Start it on its host, or choose another worker. talekeeper-worker doctor tells what it lacks.',
  }
}

function indexNotStored(): Problem {
  return new Problem({
    code: 'index-not-stored',
    text: 'The list of this backup’s files is being fetched.',
    action: 'Try again in a moment.',
  })
}

function nothingChosen(): Problem {
  return new Problem({
    code: 'nothing-chosen',
    text: 'Nothing is chosen that this backup has.',
    action: 'Choose what to restore.',
  })
}
