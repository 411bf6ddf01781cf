import type { z } from 'zod'
import { type BackupKind, db, type Presence, type RunState, type Verification } from '@/lib/db'
import { eventBodySchema, type Warning } from '@/protocol/events'
import { Problem, type ProblemFacts, problemSchema } from '@/protocol/problem'

type SummaryBody = Extract<z.infer<typeof eventBodySchema>, { type: 'summary' }>
export type BackupSummary = Omit<SummaryBody, 'type'>

export type BackupDetail = {
  id: string
  instance: { slug: string; name: string; environment: string }
  /** id null: the plan is gone */
  plan: { id: string | null; slug: string; name: string }
  worker: { slug: string; hostName: string } | null
  requestedBy: string | null
  kind: BackupKind
  state: RunState
  attempt: number
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
  pinned: { at: Date; reason: string } | null
  copies: BackupCopy[]
  artifacts: BackupArtifact[]
  /** the first 1000 */
  warnings: Warning[]
  warningCount: number
  /** null until the run has reported it */
  summary: BackupSummary | null
  restores: { id: string; state: RunState; requestedAt: Date }[]
  /** the manifest is on at least one remote */
  restorable: boolean
}

export type BackupCopy = {
  remote: { id: string; name: string; backend: string; baseFolder: string }
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
  parts: { number: number; bytes: number; rawBytes: number; sha256: string; checked: string }[]
}

/** One backup as its page shows it. Throws Problem `not-found`. */
export async function getBackup(id: string): Promise<BackupDetail> {
  const row = await findRow(id)
  if (!row) throw new Problem({ code: 'not-found', text: 'There is no such backup.', action: 'Go back to the list.' })
  const requestedBy = row.requestedById
    ? await db().user.findUnique({ where: { id: row.requestedById }, select: { name: true } })
    : null
  return {
    id: row.id,
    instance: row.instance,
    plan: { id: row.planId, slug: row.planSlug, name: row.plan?.name ?? row.planSlug },
    worker: row.worker,
    requestedBy: requestedBy?.name ?? null,
    kind: row.kind,
    state: row.state,
    attempt: row.attempt,
    plannedAt: row.plannedAt,
    requestedAt: row.requestedAt,
    startedAt: row.startedAt,
    finishedAt: row.finishedAt,
    cancelRequestedAt: row.cancelRequestedAt,
    problem: problemSchema.nullable().parse(row.problem),
    folder: row.folder,
    manifestSha256: row.manifestSha256,
    bytes: Number(row.bytes),
    rawBytes: Number(row.rawBytes),
    pinned: row.pinnedAt && { at: row.pinnedAt, reason: row.pinReason ?? '' },
    copies: row.copies,
    artifacts: row.artifacts.map(toArtifact),
    warnings: row.warnings.map(toWarning),
    warningCount: row.warningCount,
    summary: parseSummary(row.summary),
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
      plan: { select: { name: true } },
      worker: { select: { slug: true, hostName: true } },
      copies: {
        select: {
          presence: true,
          verification: true,
          verifiedAt: true,
          remote: { select: { id: true, name: true, backend: true, baseFolder: true } },
        },
      },
      artifacts: { orderBy: { name: 'asc' }, include: { parts: { orderBy: { number: 'asc' } } } },
      warnings: { orderBy: { id: 'asc' }, take: 1000 },
      restores: { orderBy: { requestedAt: 'desc' }, select: { id: true, state: true, requestedAt: true } },
    },
  })
}

function toArtifact({ parts, bytes, rawBytes, ...artifact }: Row['artifacts'][number]): BackupArtifact {
  return {
    kind: artifact.kind,
    name: artifact.name,
    bytes: Number(bytes),
    rawBytes: Number(rawBytes),
    entries: artifact.entries,
    documents: artifact.documents,
    complete: artifact.complete,
    parts: parts.map((part) => ({
      number: part.number,
      bytes: Number(part.bytes),
      rawBytes: Number(part.rawBytes),
      sha256: part.sha256,
      checked: part.checked,
    })),
  }
}

function toWarning({ code, text, source, where }: Row['warnings'][number]): Warning {
  return { code, text, ...(source ? { source } : {}), ...(where ? { where } : {}) }
}

/** Stored with or without its event's `type`; one that does not parse is as if it were not there. */
function parseSummary(stored: unknown): BackupSummary | null {
  if (typeof stored !== 'object' || stored === null) return null
  const result = eventBodySchema.safeParse({ ...stored, type: 'summary' })
  if (!result.success || result.data.type !== 'summary') return null
  const { type: _type, ...summary } = result.data
  return summary
}
