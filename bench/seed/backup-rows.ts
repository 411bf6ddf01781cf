import type { BackupKind, Presence, Prisma, RunState, Verification } from '@/lib/db'
import { phases } from '@/protocol/events'
import type { ProblemFacts } from '@/protocol/problem'
import type { SeededRandom } from '@/scripts/sample/random'
import { type SeededInstance, seededId } from './scene'

export type BackupRows = {
  backup: Prisma.BackupCreateManyInput
  copies: Prisma.CopyCreateManyInput[]
  artifacts: Prisma.ArtifactCreateManyInput[]
  parts: Prisma.PartCreateManyInput[]
  phases: Prisma.BackupPhaseCreateManyInput[]
  warnings: Prisma.BackupWarningCreateManyInput[]
}

export type RunFacts = {
  instance: SeededInstance
  plan: { id: string; slug: string }
  kind: BackupKind
  state: Exclude<RunState, 'queued' | 'running'>
  requestedAt: Date
  /** what was there to back up */
  size: ContentSize
  presence: Presence
  verification: Verification
  problem?: ProblemFacts
  warnings?: Omit<Prisma.BackupWarningCreateManyInput, 'backupId'>[]
  held?: string[]
  pinReason?: string
}

export type ContentSize = { documents: number; entries: number; fileBytes: number }

const partBytes = 512 * 1024 ** 2
const bytesPerSecond = 60 * 1024 ** 2

/** A backup that has ended, and all that the catalogue keeps of it. */
export function endedBackup(random: SeededRandom, facts: RunFacts): BackupRows {
  const id = seededId(random)
  const { instance, plan, kind, state, requestedAt, size } = facts
  const artifacts = facts.state === 'skipped' ? [] : artifactsOf(random, id, facts)
  const isComplete = state === 'succeeded' || state === 'warning'
  const bytes = artifacts.reduce((sum, { artifact }) => sum + BigInt(artifact.bytes ?? 0), 0n)
  const rawBytes = artifacts.reduce((sum, { artifact }) => sum + BigInt(artifact.rawBytes ?? 0), 0n)
  const startedAt = state === 'skipped' ? null : later(requestedAt, 2 + random.below(20))
  const seconds = 40 + Math.round(Number(rawBytes) / bytesPerSecond) + random.below(60)
  const finishedAt = startedAt ? later(startedAt, seconds) : requestedAt
  const warnings = (facts.warnings ?? []).map((warning) => ({ backupId: id, ...warning }))
  return {
    backup: {
      id,
      instanceId: instance.id,
      planId: plan.id,
      planSlug: plan.slug,
      workerId: instance.workerId,
      kind,
      state,
      plannedAt: kind === 'scheduled' ? requestedAt : null,
      requestedAt,
      startedAt,
      finishedAt,
      ...(facts.problem ? { problem: facts.problem } : {}),
      folder: startedAt ? folderOf(startedAt, plan.slug) : null,
      goAt: isComplete ? finishedAt : null,
      manifestSha256: isComplete ? random.hex(64) : null,
      bytes,
      rawBytes,
      warningCount: warnings.length,
      ...(isComplete ? { summary: summaryOf(size, { bytes, rawBytes }, warnings.length, facts.held ?? []) } : {}),
      pinnedAt: facts.pinReason ? finishedAt : null,
      pinReason: facts.pinReason ?? null,
    },
    copies: [
      {
        id: seededId(random),
        backupId: id,
        remoteId: instance.remoteId,
        presence: facts.presence,
        verification: facts.verification,
        verifiedAt: facts.verification === 'none' ? null : finishedAt,
      },
    ],
    artifacts: artifacts.map(({ artifact }) => artifact),
    parts: artifacts.flatMap(({ parts }) => parts),
    phases: startedAt ? phasesOf(id, startedAt, seconds, isComplete) : [],
    warnings,
  }
}

function artifactsOf(random: SeededRandom, backupId: string, { instance, state, size }: RunFacts) {
  const { documents, entries, fileBytes } = size
  const make = (kind: string, name: string, rawBytes: number, counts: { entries?: number; documents?: number }) => {
    const id = seededId(random)
    const sizes = Array.from({ length: Math.max(1, Math.ceil(rawBytes / partBytes)) }, (_, number) =>
      Math.min(partBytes, rawBytes - number * partBytes),
    )
    const parts = sizes.map((raw, number) => ({
      artifactId: id,
      number,
      bytes: Math.round(raw * 0.62),
      rawBytes: raw,
      sha256: random.hex(64),
      checked: 'hash',
    }))
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
    const artifact = {
      id,
      backupId,
      workerId: instance.workerId,
      kind,
      name,
      bytes,
      rawBytes,
      ...counts,
      complete: true,
    }
    return { artifact, parts }
  }
  const mongodb = make('mongodb', 'mongo.archive.zst', documents * 820, { documents })
  if (state !== 'succeeded' && state !== 'warning') return [mongodb]
  return [
    mongodb,
    make('files', 'files.tar.zst', fileBytes, { entries }),
    make('index', 'files.index.jsonl.zst', entries * 210, { entries }),
    make('config', 'config.tar.zst', 48_000, { entries: 31 }),
  ]
}

function summaryOf(
  { documents, entries, fileBytes }: ContentSize,
  { bytes, rawBytes }: { bytes: bigint; rawBytes: bigint },
  warningCount: number,
  held: string[],
) {
  const share = (part: number) => Math.round(documents * part)
  return {
    bytes: Number(bytes),
    rawBytes: Number(rawBytes),
    warningCount,
    changedFiles: warningCount,
    held,
    namespaces: {
      'girder.assetstore': 3,
      'girder.file': share(0.34),
      'girder.folder': share(0.08),
      'girder.item': share(0.31),
      'girder.job': share(0.2),
      'girder.tale': share(0.02),
      'girder.user': share(0.05),
    },
    trees: { homes: { entries, bytes: fileBytes }, config: { entries: 31, bytes: 48_000 } },
    consistency: 'snapshot',
    tools: { mongodump: '100.9.4', rclone: '1.66.0', tar: '1.34', zstd: '1.5.4', server: 'MongoDB 4.4.29' },
  }
}

/** Their shares of a run's time; one that failed gets no further than the upload of MongoDB. */
const shares = { preflight: 0.02, mongodb: 0.25, files: 0.6, config: 0.02, verify: 0.06, go: 0.01, manifest: 0.04 }

function phasesOf(backupId: string, startedAt: Date, seconds: number, isComplete: boolean) {
  let at = startedAt
  return phases.backup.slice(0, isComplete ? undefined : 2).map((phase) => {
    const begun = at
    at = later(begun, seconds * shares[phase])
    return { backupId, phase, state: 'finished', startedAt: begun, finishedAt: at }
  })
}

function folderOf(at: Date, plan: string): string {
  const digits = at.toISOString().replace(/[-:]/g, '')
  return `${digits.slice(0, 8)}/${digits.slice(9, 15)}Z-${plan}`
}

export function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + Math.round(seconds * 1000))
}
