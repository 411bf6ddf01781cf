import { z } from 'zod'
import { fixUpResultSchema } from './fix-ups'
import { absolutePathSchema, sha256Schema, slugSchema } from './names'
import { olderHolds } from './older-files'
import { problemSchema } from './problem'
import { reconciliationSchema } from './reconciliation'
import { partCheckSchema, remoteHashSchema } from './remotes'

/**
 * What a worker reports of a run. Events are journalled on the worker's disk before they are sent, numbered from 1 within an
 * attempt, and sent again until control's answer names them as taken. Progress is not an event: only the latest matters.
 */
const bytes = z.int().min(0)

export const phases = {
  backup: ['preflight', 'mongodb', 'files', 'config', 'verify', 'go', 'manifest'],
  restore: ['preflight', 'fetch', 'files', 'config', 'mongodb', 'compare'],
  inPlace: ['preflight', 'fetch', 'files', 'config', 'mongodb', 'go', 'swap', 'verify'],
  prune: ['delete'],
  discard: ['delete'],
  inspection: ['look'],
  replication: ['preflight', 'parts', 'go', 'manifest'],
} as const
export const phaseSchema = z.enum([
  'preflight',
  'mongodb',
  'files',
  'config',
  'verify',
  'go',
  'manifest',
  'fetch',
  'compare',
  'swap',
  'delete',
  'look',
  'parts',
])
export type Phase = z.infer<typeof phaseSchema>

export const artifactKindSchema = z.enum(['mongodb', 'files', 'config', 'index'])

export const warningSchema = z.object({
  code: z.string().regex(/^[a-z0-9-]{1,64}$/),
  text: z.string().max(2000),
  /** source slug */
  source: slugSchema.optional(),
  /** file or namespace concerned, escaped for display */
  where: z.string().max(4096).optional(),
})
export type Warning = z.infer<typeof warningSchema>

export const comparisonSchema = z.object({
  entriesExpected: z.int().min(0),
  entriesIdentical: z.int().min(0),
  bytesCompared: bytes,
  namespacesExpected: z.int().min(0),
  namespacesIdentical: z.int().min(0),
  documentsCompared: z.int().min(0),
  /** members refused because they would have been written outside, escaped for display; the first 1000 */
  refused: z.array(z.object({ path: z.string().max(4096), reason: z.string().max(300) })).max(1000),
  refusedCount: z.int().min(0),
  /** the first 1000 */
  differences: z.array(z.object({ where: z.string().max(4096), text: z.string().max(1000) })).max(1000),
  differenceCount: z.int().min(0),
})
export type Comparison = z.infer<typeof comparisonSchema>

/** Something in an instance's folder on a remote that the catalogue does not know. All of it is the remote's word, and unproven. */
export const strangerSchema = z.object({
  /** below `<base>/<instance>/`, escaped for display */
  folder: z.string().min(1).max(1024),
  files: z.int().min(0),
  bytes,
  /** of a folder that has the name and the manifest of a backup of format 1 */
  manifest: z
    .object({
      backupId: z.uuid(),
      instanceId: z.uuid(),
      planSlug: slugSchema,
      startedAt: z.iso.datetime(),
      /** by a key that control knows, as the worker saw it; control looks again before it believes it */
      signed: z.boolean(),
    })
    .nullable(),
  /** files of the scripts that were there before Talekeeper, known by their names alone; absent where there are none */
  older: z
    .array(
      z.object({
        name: z.string().max(255),
        bytes,
        holds: z.enum(olderHolds),
      }),
    )
    .max(100)
    .optional(),
})
export type Stranger = z.infer<typeof strangerSchema>

/**
 * `staging`: nothing was changed. `committed`: from here on a crash is led forward. `swapped`: the new stands in place, the old beside.
 * `undone`: the other way round. `rolled-back`: nothing was changed, and nothing is left. `dropped`: what was beside is gone.
 */
export const exchangeStates = ['staging', 'committed', 'swapped', 'undone', 'rolled-back', 'dropped'] as const
export const exchangeSchema = z.object({
  state: z.enum(exchangeStates),
  /** files and folders that are exchanged whole */
  paths: z.int().min(0),
  /** collections and views */
  collections: z.int().min(0),
  /** of what is kept beside; of collections their documents */
  besideBytes: bytes,
  at: z.iso.datetime(),
})
export type Exchange = z.infer<typeof exchangeSchema>

export const eventBodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('phase'), phase: phaseSchema, state: z.enum(['started', 'finished', 'skipped']) }),
  /** The folder on the remote, reported before anything is written into it, so that leftovers can be found. */
  z.object({ type: z.literal('folder'), folder: z.string().max(100) }),
  z.object({
    type: z.literal('part'),
    artifact: z.string().max(100),
    number: z.int().min(0).max(99_999),
    bytes,
    rawBytes: bytes,
    sha256: sha256Schema,
    checked: partCheckSchema,
    remoteHash: remoteHashSchema.optional(),
  }),
  z.object({
    type: z.literal('artifact'),
    kind: artifactKindSchema,
    name: z.string().max(100),
    parts: z.int().min(0),
    bytes,
    rawBytes: bytes,
    entries: z.int().min(0).nullable(),
    documents: z.int().min(0).nullable(),
  }),
  warningSchema.extend({ type: z.literal('warning') }),
  /** The manifest's facts that the catalogue keeps: the next run's baseline among them. */
  z.object({
    type: z.literal('summary'),
    bytes,
    rawBytes: bytes,
    warningCount: z.int().min(0),
    changedFiles: z.int().min(0),
    /** reasons why retention must stop until a person accepts: the shrink guard */
    held: z.array(z.string().max(1000)).max(100),
    namespaces: z.record(z.string(), z.int().min(0)),
    trees: z.record(z.string(), z.object({ entries: z.int().min(0), bytes })),
    consistency: z.string().max(100),
    tools: z.record(z.string(), z.string().max(200)),
  }),
  /** Where a restore writes, reported before anything is made there. */
  z.object({ type: z.literal('scratch'), folder: absolutePathSchema }),
  /** How far a restore in place came: its journal on the worker's disk, mirrored. */
  z.object({ type: z.literal('exchange'), exchange: exchangeSchema }),
  z.object({ type: z.literal('comparison'), comparison: comparisonSchema }),
  /** what was changed in the restored database of Girder, and how often */
  z.object({ type: z.literal('fix-ups'), results: z.array(fixUpResultSchema).max(200) }),
  /** how the restored database and files fit together */
  z.object({ type: z.literal('reconciliation'), reconciliation: reconciliationSchema }),
  /** what a restore has read from the remote: files as they lie there, the index among them */
  z.object({ type: z.literal('fetched'), files: z.int().min(0), bytes }),
  /** one backup of a prune: gone from the remote, or why not; for a leftover that turned out to be a backup, its manifest */
  z.object({
    type: z.literal('pruned'),
    backupId: z.uuid(),
    problem: problemSchema.nullable(),
    /** it failed after the manifest was gone: no backup any more, and not deleted either */
    isHalf: z.boolean().optional(),
    manifestSha256: sha256Schema.optional(),
  }),
  /** one backup of an inspection: what is wrong with it on the remote, or nothing as far as was looked */
  z.object({ type: z.literal('judged'), backupId: z.uuid(), faults: z.array(problemSchema).max(100) }),
  strangerSchema.extend({ type: z.literal('stranger') }),
  /** of a replication, once the manifest lies on the other remote: how every part was checked there */
  z.object({ type: z.literal('copied'), verification: z.enum(['uploaded', 'readBack']) }),
  z.object({ type: z.literal('log'), level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string().max(4000) }),
  z.object({
    type: z.literal('finished'),
    state: z.enum(['succeeded', 'warning', 'failed', 'cancelled']),
    problem: problemSchema.nullable(),
  }),
])
export type EventBody = z.infer<typeof eventBodySchema>

export const eventSchema = z.object({ sequence: z.int().min(1), at: z.iso.datetime(), body: eventBodySchema })
export type RunEvent = z.infer<typeof eventSchema>

export const progressSchema = z.object({
  phase: phaseSchema,
  /** artifact or source in hand */
  subject: z.string().max(200),
  doneBytes: bytes,
  /** an estimate, from the last run; null where there is none */
  totalBytes: bytes.nullable(),
  bytesPerSecond: z.number().min(0),
  uploadedBytes: bytes,
  at: z.iso.datetime(),
})
export type Progress = z.infer<typeof progressSchema>
