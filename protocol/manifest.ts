import { z } from 'zod'
import { warningSchema } from './events'
import { absolutePathSchema, idSchema, sha256Schema, slugSchema } from './names'
import { partCheckSchema, remoteHashSchema } from './remotes'
import { remoteFormat } from './version'

/** `manifest.json` of format 1: everything a stranger needs to restore a backup. See docs/remote-format.md. */
const count = z.int().min(0)

export const partNamePattern = /^[a-z0-9][a-z0-9.-]{0,90}\.zst\.\d{5}$/

export const manifestPartSchema = z.object({
  name: z.string().regex(partNamePattern),
  bytes: count,
  rawBytes: count,
  sha256: sha256Schema,
  checked: partCheckSchema,
  /** as the remote told it after the upload; absent where it tells none by itself */
  remoteHash: remoteHashSchema.optional(),
})

const namespaceFacts = z.object({
  database: z.string().max(63),
  collection: z.string().max(255),
  type: z.enum(['collection', 'view', 'timeseries', 'oplog']),
  documents: count,
  bytes: count,
  /** CRC-64/XZ of the namespace's documents in file order, 16 hexadecimal digits */
  crc64: z.string().regex(/^[0-9a-f]{16}$/),
  /** SHA-256 of the namespace's documents in file order */
  sha256: sha256Schema,
  /** sum modulo 2^256 of the SHA-256 of each document: the same whatever the order */
  digest: sha256Schema,
})
export type NamespaceFacts = z.infer<typeof namespaceFacts>

const artifactBase = {
  /** `mongo.archive.zst`, `files.tar.zst`, … : the parts' name without the number */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,90}\.zst$/),
  worker: slugSchema,
  bytes: count,
  rawBytes: count,
  /** SHA-256 of the whole uncompressed stream */
  rawSha256: sha256Schema.nullable(),
  parts: z.array(manifestPartSchema).max(100_000),
}

const treeFacts = z.object({
  source: slugSchema,
  /** member names begin with this: the absolute path without its leading slash */
  prefix: z.string().max(4096),
  entries: count,
  files: count,
  bytes: count,
})
export type TreeFacts = z.infer<typeof treeFacts>

export const manifestArtifactSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('mongodb'),
    ...artifactBase,
    source: slugSchema,
    consistency: z.enum(['plain', 'oplog', 'snapshot']),
    writtenBy: z.enum(['mongodump', 'built-in']),
    serverVersion: z.string().max(200),
    namespaces: z.array(namespaceFacts).max(1_000_000),
  }),
  z.object({ kind: z.literal('files'), ...artifactBase, trees: z.array(treeFacts).max(200) }),
  z.object({ kind: z.literal('config'), ...artifactBase, trees: z.array(treeFacts).max(200) }),
  /** one JSON line per member of the artifact it names */
  z.object({ kind: z.literal('index'), ...artifactBase, of: z.string().max(100), entries: count }),
])
export type ManifestArtifact = z.infer<typeof manifestArtifactSchema>

export const manifestSchema = z.object({
  format: z.literal(remoteFormat),
  backupId: idSchema,
  attempt: z.int().min(1),
  kind: z.enum(['scheduled', 'manual', 'safety']),
  instance: z.object({ id: idSchema, slug: slugSchema }),
  plan: z.object({ id: idSchema, slug: slugSchema }),
  plannedAt: z.iso.datetime().nullable(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  versions: z.record(z.string().max(40), z.string().max(200)),
  sources: z
    .array(
      z.object({
        kind: z.enum(['mongodb', 'tree', 'config']),
        slug: slugSchema,
        /** of a tree or of configuration files; empty for MongoDB, whose address is a secret */
        paths: z.array(absolutePathSchema).max(1000),
        /** below a tree, left out by wish; a backup that does not say has none */
        exclude: z.array(absolutePathSchema).max(1000).default([]),
      }),
    )
    .max(200),
  artifacts: z.array(manifestArtifactSchema).min(1).max(100),
  warnings: z.array(warningSchema).max(1000),
  warningCount: count,
  changedFiles: count,
  held: z.array(z.string().max(1000)).max(100),
  encryption: z.null(),
})
export type Manifest = z.infer<typeof manifestSchema>

/** What one worker of several adds to a backup: the share of the manifest that it alone can tell. The last worker joins them all. */
export const contributionSchema = manifestSchema.pick({
  startedAt: true,
  versions: true,
  sources: true,
  artifacts: true,
  warnings: true,
  warningCount: true,
  changedFiles: true,
})
export type Contribution = z.infer<typeof contributionSchema>
