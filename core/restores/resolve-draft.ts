import { readSummary } from '@/core/backups/summary'
import { withIndex } from '@/core/contents/get-contents'
import { findProfile } from '@/core/fix-up-profiles/find-profile'
import { type FixUpLine, fixUpLines } from '@/core/fix-up-profiles/fix-up-lines'
import { db, type Prisma } from '@/lib/db'
import { Problem } from '@/protocol/problem'
import type { Selection } from '@/protocol/selection'
import { type ChosenEntry, chosenEntries } from './chosen-content'
import { type Draft, isEverything } from './draft'
import { listRestoreTargets, type RestoreTarget } from './list-restore-targets'
import { neededBytes } from './needed-bytes'
import { type RequestRestoreInput, type RestoreRequest, requestRestoreSchema } from './request-restore'

export type ResolvedDraft = {
  request: RestoreRequest
  /** the chosen folders and files; null: the list of the backup's files must be fetched first */
  entries: ChosenEntry[] | null
  artifacts: {
    name: string
    kind: string
    bytes: number
    rawBytes: number
    entries: number | null
    documents: number | null
  }[]
  /** `database.collection` of the backup, with its documents */
  namespaces: { database: string; collection: string; documents: number }[]
  targets: RestoreTarget[]
  /** null: there is no active worker */
  target: RestoreTarget | null
  /** the remotes that have a copy, the one that is read first */
  remotes: { id: string; name: string; backend: string }[]
  remoteId: string | null
  wantsMongodb: boolean
  /** of another instance that gets databases, what its profile says; null: it has none, or none is asked for */
  fixUps: FixUpLine[] | null
  /** nothing of what was chosen is there, or nothing was chosen */
  isNothing: boolean
  /** to be read from the remote, and disk that the files take; of hard links out of what was chosen more may come */
  fetchBytes: number
  treeBytes: number
}

const include = {
  plan: { include: { targets: { orderBy: { position: 'asc' } } } },
  copies: { where: { presence: 'present' }, include: { remote: true } },
  artifacts: { include: { parts: { orderBy: { number: 'asc' } } }, orderBy: { name: 'asc' } },
} satisfies Prisma.BackupInclude
type Row = Prisma.BackupGetPayload<{ include: typeof include }>

/**
 * Fills what a person left open with what is usual: everything, the worker that made the backup, the first copy, its first MongoDB.
 * Nothing is asked of a worker, and no right is judged. Throws Problem `not-found`.
 */
export async function resolveDraft(backupId: string, draft: Draft): Promise<ResolvedDraft> {
  const backup = await db().backup.findUnique({ where: { id: backupId }, include })
  if (!backup)
    throw new Problem({ code: 'not-found', text: 'There is no such backup.', action: 'Go back to the list.' })
  const targets = await listRestoreTargets(backup.instanceId)
  const target = targets.find(({ id }) => id === (draft.workerId ?? backup.workerId)) ?? targets[0] ?? null
  const remotes = remotesOf(backup)
  const remoteId = remotes.find(({ id }) => id === draft.remoteId)?.id ?? remotes[0]?.id ?? null
  const entries =
    draft.entries.length === 0 ? [] : await withIndex(backupId, (reader) => chosenEntries(reader, draft.entries))
  const content = backup.artifacts.filter(({ kind }) => kind !== 'index')
  const chosen = chosenOf(draft, content, entries ?? [])
  const isNothing = chosen.artifacts?.length === 0
  const wantsMongodb = content.some(
    ({ kind, name }) => kind === 'mongodb' && (chosen.artifacts === null || chosen.artifacts.includes(name)),
  )
  const mongodbSourceId = wantsMongodb ? sourceOf(draft, target) : null
  const isOther = target !== null && target.instance.id !== backup.instanceId
  const profile = isOther && mongodbSourceId !== null ? await findProfile(target.instance.id) : null
  const withoutMongodb = wantsMongodb && mongodbSourceId === null
  const input: RequestRestoreInput = {
    ...{ backupId, workerId: target?.id ?? null, remoteId, mongodbSourceId },
    folder: draft.inPlace ? null : draft.folder,
    inPlace: draft.inPlace ? { writers: draft.writers, safety: draft.safety } : null,
    fixUps: profile && draft.fixUps ? { without: draft.withoutFixUps } : null,
    artifacts: isNothing ? null : chosen.artifacts,
    selection: chosen.selection,
  }
  return {
    request: requestRestoreSchema.parse(withoutMongodb && chosen.artifacts ? withoutArchives(input, content) : input),
    entries,
    artifacts: content.map(toFacts),
    namespaces: namespacesOf(backup),
    fixUps: profile && fixUpLines(profile),
    ...{ targets, target, remotes, remoteId, wantsMongodb, isNothing },
    ...sizesOf(backup, chosen, entries ?? [], withoutMongodb),
  }
}

type Chosen = { artifacts: string[] | null; selection: Selection | null }
type Artifact = Row['artifacts'][number]

function chosenOf(draft: Draft, content: Artifact[], entries: ChosenEntry[]): Chosen {
  if (isEverything(draft)) return { artifacts: null, selection: null }
  const whole = content.filter(({ name }) => draft.artifacts.includes(name)).map(({ name }) => name)
  const paths = new Map<string, string[]>()
  for (const { artifact, path } of entries)
    if (!whole.includes(artifact)) paths.set(artifact, [...(paths.get(artifact) ?? []), path])
  const archives = content.filter(({ kind }) => kind === 'mongodb').map(({ name }) => name)
  const namespaces = archives.some((name) => whole.includes(name)) ? [] : draft.namespaces.map(toNamespace)
  const artifacts = [...new Set([...whole, ...paths.keys(), ...(namespaces.length > 0 ? archives : [])])]
  if (paths.size === 0 && namespaces.length === 0) return { artifacts, selection: null }
  return {
    artifacts,
    selection: {
      paths: [...paths].map(([artifact, chosen]) => ({ artifact, paths: chosen })),
      namespaces: namespaces.length > 0 ? namespaces : null,
    },
  }
}

/** As the plan orders them; those that are not its own come last. */
function remotesOf({ copies, plan }: Row): ResolvedDraft['remotes'] {
  const position = (id: string) => plan?.targets.find((target) => target.remoteId === id)?.position ?? Infinity
  return copies
    .map(({ remote: { id, name, backend } }) => ({ id, name, backend }))
    .sort((a, b) => Math.sign(position(a.id) - position(b.id)) || 0)
}

function toNamespace(text: string): { database: string; collection: string | null } {
  const dot = text.indexOf('.')
  return dot === -1
    ? { database: text, collection: null }
    : { database: text.slice(0, dot), collection: text.slice(dot + 1) }
}

function sourceOf(draft: Draft, target: RestoreTarget | null): string | null {
  if (draft.mongodb === 'none') return null
  const sources = target?.mongodbSources ?? []
  return sources.find(({ id }) => id === draft.mongodb)?.id ?? sources[0]?.id ?? null
}

/** Names that were chosen, without those that have no server to go to. */
function withoutArchives(input: RequestRestoreInput, content: Artifact[]): RequestRestoreInput {
  const artifacts = input.artifacts?.filter((name) =>
    content.some((one) => one.name === name && one.kind !== 'mongodb'),
  )
  if (!artifacts || artifacts.length === 0) return input
  const selection =
    input.selection && input.selection.paths.length > 0 ? { ...input.selection, namespaces: null } : null
  return { ...input, artifacts, selection }
}

function namespacesOf(backup: Row): ResolvedDraft['namespaces'] {
  const summary = readSummary(backup.summary)
  if (!summary || summary === 'unreadable') return []
  return Object.entries(summary.namespaces)
    .map(([name, documents]) => {
      const { database, collection } = toNamespace(name)
      return { database, collection: collection ?? '', documents }
    })
    .filter(({ database }) => !['admin', 'config', 'local', ''].includes(database))
}

function sizesOf(
  backup: Row,
  { artifacts, selection }: Chosen,
  entries: ChosenEntry[],
  withoutMongodb: boolean,
): { fetchBytes: number; treeBytes: number } {
  let [fetchBytes, treeBytes] = [0, 0]
  for (const artifact of backup.artifacts) {
    const isWanted = artifacts === null || artifacts.includes(artifact.name)
    if (artifact.kind === 'index' || !isWanted || (artifact.kind === 'mongodb' && withoutMongodb)) continue
    const parts = artifact.parts.map(({ bytes, rawBytes }) => ({ bytes: Number(bytes), rawBytes: Number(rawBytes) }))
    const isNarrowed = selection?.paths.some((choice) => choice.artifact === artifact.name) ?? false
    const pieces = entries.filter((entry) => entry.artifact === artifact.name)
    fetchBytes += isNarrowed ? neededBytes(parts, pieces) : Number(artifact.bytes)
    if (artifact.kind === 'mongodb') continue
    treeBytes += isNarrowed ? pieces.reduce((sum, { bytes }) => sum + bytes, 0) : Number(artifact.rawBytes)
    fetchBytes += indexBytesOf(backup, artifact)
  }
  return { fetchBytes, treeBytes }
}

/** `files.index.jsonl.zst` of `files.tar.zst`: every restore of files reads it, to compare. */
function indexBytesOf(backup: Row, { name }: Artifact): number {
  const index = backup.artifacts.find(
    (candidate) => candidate.kind === 'index' && candidate.name === name.replace(/\.tar\.zst$/, '.index.jsonl.zst'),
  )
  return Number(index?.bytes ?? 0)
}

function toFacts({ name, kind, bytes, rawBytes, entries, documents }: Artifact): ResolvedDraft['artifacts'][number] {
  return { name, kind, bytes: Number(bytes), rawBytes: Number(rawBytes), entries, documents }
}
