import { type BackupKind, db, type Presence, type RunState, type Verification } from '@/lib/db'
import { Problem, type ProblemFacts, problemSchema } from '@/protocol/problem'
import { type BackupPart, firstParts, toPart } from './get-backup-parts'
import { isPinned } from './is-pinned'
import { type BackupSummary, readSummary } from './summary'

export type BackupDetail = {
  id: string
  instance: { slug: string; name: string; environment: string }
  /** id null: the plan is gone */
  plan: { id: string | null; slug: string; name: string }
  /** the one that a restore goes to by itself */
  worker: { slug: string; hostName: string } | null
  /** all that have a share in it, in their order */
  workers: { slug: string; hostName: string }[]
  requestedBy: string | null
  /** why a person asked for it */
  note: string | null
  kind: BackupKind
  state: RunState
  plannedAt: Date | null
  requestedAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  cancelRequestedAt: Date | null
  problem: ProblemFacts | null
  folder: string | null
  manifestSha256: string | null
  bytes: number
  rawBytes: number
  /** null also once the pin's end has passed */
  pinned: { at: Date; reason: string; until: Date | null } | null
  copies: BackupCopy[]
  artifacts: BackupArtifact[]
  warningCount: number
  /** null until the run has reported it */
  summary: BackupSummary | null
  /** what is stored of it is damaged */
  isSummaryUnreadable: boolean
  restores: { id: string; state: RunState; requestedAt: Date }[]
  /** the manifest is on at least one remote */
  restorable: boolean
}

export type BackupCopy = {
  remote: { id: string; slug: string; name: string; backend: string; baseFolder: string }
  presence: Presence
  verification: Verification
  verifiedAt: Date | null
}

export type BackupArtifact = {
  kind: string
  name: string
  bytes: number
  rawBytes: number
  entries: number | null
  documents: number | null
  complete: boolean
  /** the first; get-backup-parts.ts has the others */
  parts: BackupPart[]
  partCount: number
}

/** One backup as its page shows it. Throws Problem `not-found`. */
export async function getBackup(id: string): Promise<BackupDetail> {
  const row = await findRow(id)
  if (!row) throw new Problem({ code: 'not-found', text: 'There is no such backup.', action: 'Go back to the list.' })
  const requestedBy = row.requestedById
    ? await db().user.findUnique({ where: { id: row.requestedById }, select: { name: true } })
    : null
  const summary = readSummary(row.summary)
  return {
    id: row.id,
    instance: row.instance,
    plan: { id: row.planId, slug: row.planSlug, name: row.plan?.name ?? row.planSlug },
    worker: row.worker,
    workers: row.tasks.map((task) => task.worker),
    requestedBy: requestedBy?.name ?? null,
    note: row.note,
    kind: row.kind,
    state: row.state,
    plannedAt: row.plannedAt,
    requestedAt: row.requestedAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    cancelRequestedAt: row.cancelRequestedAt,
    problem: problemSchema.nullable().catch(null).parse(row.problem),
    folder: row.folder,
    manifestSha256: row.manifestSha256,
    bytes: Number(row.bytes),
    rawBytes: Number(row.rawBytes),
    pinned: pinOf(row),
    copies: inOrderOfTargets(row),
    artifacts: row.artifacts.map(toArtifact),
    warningCount: row.warningCount,
    summary: summary === 'unreadable' ? null : summary,
    isSummaryUnreadable: summary === 'unreadable',
    restores: row.restores,
    restorable: row.manifestSha256 !== null && row.copies.some((copy) => copy.presence === 'present'),
  }
}

type Row = NonNullable<Awaited<ReturnType<typeof findRow>>>

function findRow(id: string) {
  return db().backup.findUnique({
    where: { id },
    include: {
      instance: { select: { slug: true, name: true, environment: true } },
      plan: { select: { name: true, targets: { orderBy: { position: 'asc' }, select: { remoteId: true } } } },
      worker: { select: { slug: true, hostName: true } },
      tasks: { orderBy: { attempt: 'asc' }, select: { worker: { select: { slug: true, hostName: true } } } },
      copies: {
        select: {
          presence: true,
          verification: true,
          verifiedAt: true,
          remote: { select: { id: true, slug: true, name: true, backend: true, baseFolder: true, crypt: true } },
        },
      },
      artifacts: {
        orderBy: { name: 'asc' },
        include: { parts: { orderBy: { number: 'asc' }, take: firstParts }, _count: { select: { parts: true } } },
      },
      restores: { orderBy: { requestedAt: 'desc' }, select: { id: true, state: true, requestedAt: true } },
    },
  })
}

/** The first remote of the plan first; those that the plan no longer uses last. */
function inOrderOfTargets({ copies, plan }: Row): BackupCopy[] {
  const order = plan?.targets.map(({ remoteId }) => remoteId) ?? []
  const placeOf = ({ remote }: BackupCopy) => (order.includes(remote.id) ? order.indexOf(remote.id) : order.length)
  return copies.toSorted((a, b) => placeOf(a) - placeOf(b))
}

function pinOf(row: Row): BackupDetail['pinned'] {
  const { pinnedAt, pinReason, pinnedUntil } = row
  return pinnedAt && isPinned(row, new Date()) ? { at: pinnedAt, reason: pinReason ?? '', until: pinnedUntil } : null
}

function toArtifact({ parts, bytes, rawBytes, _count, ...artifact }: Row['artifacts'][number]): BackupArtifact {
  return {
    kind: artifact.kind,
    name: artifact.name,
    bytes: Number(bytes),
    rawBytes: Number(rawBytes),
    entries: artifact.entries,
    documents: artifact.documents,
    complete: artifact.complete,
    parts: parts.map(toPart),
    partCount: _count.parts,
  }
}
