import { db, type InspectionKind, type RunState } from '@/lib/db'
import { type Stranger, strangerSchema } from '@/protocol/events'
import { type ProblemFacts, problemSchema } from '@/protocol/problem'

export type Look = {
  id: string
  kind: InspectionKind
  state: RunState
  requestedAt: Date
  finishedAt: Date | null
  cancelRequested: boolean
  problem: ProblemFacts | null
  judged: number
  damaged: number
}

export type FoundStranger = {
  id: number
  folder: string
  files: number
  bytes: number
  /** what its manifest claims; null: none that can be read */
  backup: { planSlug: string; startedAt: string; signed: boolean; ofThisInstance: boolean } | null
  /** files of the scripts before Talekeeper, known by their names */
  older: NonNullable<Stranger['older']>
}

export type RemoteLooks = {
  instance: { id: string; slug: string; name: string }
  /** under way now */
  open: Look | null
  /** the newest that ended, whatever its kind */
  last: Look | null
  /** when the folder was last compared to the end */
  comparedAt: Date | null
  present: number
  missing: { backupId: string; planSlug: string; at: Date; faults: ProblemFacts[] }[]
  /** the first twenty */
  strangers: FoundStranger[]
  strangerCount: number
  /** backups of the instance among all strangers, and those that seem to be signed by a key of ours */
  adoptable: { count: number; signed: number }
}

const shownMissing = 20
const shownStrangers = 20
const openStates = ['queued', 'running'] as const
const endedWell = ['succeeded', 'warning'] as const

/** What is known of each instance's folder on a remote: of those that use it, or were looked at there. By name. */
export async function listRemoteLooks(remoteId: string): Promise<RemoteLooks[]> {
  const instances = await db().instance.findMany({
    where: {
      OR: [
        { plans: { some: { targets: { some: { remoteId } } } } },
        { backups: { some: { copies: { some: { remoteId, presence: { in: ['present', 'missing'] } } } } } },
        { inspections: { some: { remoteId } } },
      ],
    },
    orderBy: { name: 'asc' },
    select: { id: true, slug: true, name: true },
  })
  return Promise.all(instances.map((instance) => looksOf(instance, remoteId)))
}

async function looksOf(instance: RemoteLooks['instance'], remoteId: string): Promise<RemoteLooks> {
  const place = { instanceId: instance.id, remoteId }
  const ofInstance = { remoteId, backup: { instanceId: instance.id } }
  const newest = { orderBy: { requestedAt: 'desc' } } as const
  const ofListing = { inspection: { ...place, kind: 'listing' } } as const
  const [open, last, compared, present, missing, strangers] = await Promise.all([
    db().inspection.findFirst({ where: { ...place, state: { in: [...openStates] } }, ...newest }),
    db().inspection.findFirst({ where: { ...place, state: { notIn: [...openStates] } }, ...newest }),
    db().inspection.findFirst({ where: { ...place, kind: 'listing', state: { in: [...endedWell] } }, ...newest }),
    db().copy.count({ where: { ...ofInstance, presence: 'present' } }),
    db().copy.findMany({
      where: { ...ofInstance, presence: 'missing' },
      orderBy: { backup: { sequence: 'desc' } },
      take: shownMissing,
      select: { faults: true, backup: { select: { id: true, planSlug: true, startedAt: true, requestedAt: true } } },
    }),
    db().stranger.findMany({ where: ofListing, orderBy: { folder: 'desc' } }),
  ])
  const found = strangers.map((stranger) => toStranger(stranger, instance.id))
  const adoptable = found.filter(({ backup }) => backup?.ofThisInstance)
  return {
    instance,
    open: open && toLook(open),
    last: last && toLook(last),
    comparedAt: compared?.finishedAt ?? null,
    present,
    missing: missing.map(({ faults, backup }) => ({
      ...{ backupId: backup.id, planSlug: backup.planSlug, at: backup.startedAt ?? backup.requestedAt },
      faults: toFaults(faults),
    })),
    strangers: found.slice(0, shownStrangers),
    strangerCount: found.length,
    adoptable: { count: adoptable.length, signed: adoptable.filter(({ backup }) => backup?.signed).length },
  }
}

type Row = Omit<Look, 'cancelRequested' | 'problem'> & { cancelRequestedAt: Date | null; problem: unknown }

export function toLook({
  id,
  kind,
  state,
  requestedAt,
  finishedAt,
  cancelRequestedAt,
  problem,
  judged,
  damaged,
}: Row): Look {
  return {
    ...{ id, kind, state, requestedAt, finishedAt, judged, damaged },
    cancelRequested: cancelRequestedAt !== null,
    problem: problemSchema.nullable().catch(null).parse(problem),
  }
}

export function toFaults(stored: unknown): ProblemFacts[] {
  return problemSchema.array().catch([]).parse(stored)
}

function toStranger(
  {
    id,
    folder,
    files,
    bytes,
    manifest,
    older,
  }: { id: number; folder: string; files: number; bytes: bigint; manifest: unknown; older: unknown },
  instanceId: string,
): FoundStranger {
  const claim = strangerSchema.shape.manifest.catch(null).parse(manifest)
  const backup = claim && {
    ...{ planSlug: claim.planSlug, startedAt: claim.startedAt, signed: claim.signed },
    ofThisInstance: claim.instanceId === instanceId,
  }
  const known = strangerSchema.shape.older.catch(undefined).parse(older ?? undefined) ?? []
  return { id, folder, files, bytes: Number(bytes), backup, older: known }
}
