import { z } from 'zod'
import { absolutePathSchema, idSchema, slugSchema } from '@/protocol/names'

/**
 * The lines of the journal of one restore in place: what it needs to be led to an end by another process. Appended and never
 * altered, each on the disk before what it announces is done.
 */

/** What a tree or a collection is like, so that it can be known again: `digest` does not depend on the order. */
export const factsSchema = z.object({
  count: z.int().min(0),
  bytes: z.int().min(0),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
})
export type Facts = z.infer<typeof factsSchema>

/** Of a folder in which something is put or taken away. `mtime` in seconds with nine decimals, as text. */
export const attributesSchema = z.object({
  mode: z.int().min(0).max(0o7777),
  uid: z.int().min(0),
  gid: z.int().min(0),
  mtime: z.string().regex(/^-?\d+\.\d{9}$/),
})
export type Attributes = z.infer<typeof attributesSchema>

/** raw bytes of an absolute path, in base64: names need not be text */
const place = z.base64().min(4).max(8192)

const sides = {
  /** something stood there before */
  hadOld: z.boolean(),
  /** the backup has something to put there */
  hasNew: z.boolean(),
  before: factsSchema.nullable(),
  after: factsSchema.nullable(),
}

/** A file or folder that is exchanged whole. The new one waits in `<stage>/new/<artifact>/<place>`, the old one goes to `<stage>/old/<place>`. */
export const pathItemSchema = z.object({
  kind: z.literal('path'),
  place,
  stage: absolutePathSchema,
  artifact: slugSchema,
  ...sides,
})
export type PathItem = z.infer<typeof pathItemSchema>

/** The new one waits as `<name>__tk_<tag>` in the same database, the old one becomes `<name>__old_<tag>`. */
export const collectionItemSchema = z.object({
  kind: z.literal('collection'),
  database: z.string().min(1).max(63),
  name: z.string().min(1).max(255),
  /** the server deletes documents of it by itself, so that fewer of them are no difference */
  expires: z.boolean(),
  ...sides,
})
export type CollectionItem = z.infer<typeof collectionItemSchema>

/** Views cannot be renamed; they have no data, so that they are dropped and made again. Definitions as Extended JSON. */
export const viewItemSchema = z.object({
  kind: z.literal('view'),
  database: z.string().min(1).max(63),
  name: z.string().min(1).max(255),
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type ViewItem = z.infer<typeof viewItemSchema>

/** An index that lets documents expire, built when the collection stands in its place: before, the server would have emptied it. */
export const expiryItemSchema = z.object({
  kind: z.literal('expiry'),
  database: z.string().min(1).max(63),
  name: z.string().min(1).max(255),
  /** Extended JSON */
  index: z.string(),
})
export type ExpiryItem = z.infer<typeof expiryItemSchema>

/** A folder whose own attributes are set when all that lies in it stands where it belongs. */
export const folderItemSchema = z.object({
  kind: z.literal('folder'),
  place,
  before: attributesSchema,
  after: attributesSchema,
})
export type FolderItem = z.infer<typeof folderItemSchema>

export const itemSchema = z.discriminatedUnion('kind', [
  pathItemSchema,
  collectionItemSchema,
  viewItemSchema,
  expiryItemSchema,
  folderItemSchema,
])
export type Item = z.infer<typeof itemSchema>

export const directions = ['forward', 'back'] as const
export type Direction = (typeof directions)[number]

export const beginSchema = z.object({
  type: z.literal('begin'),
  version: z.literal(1),
  restoreId: idSchema,
  /** part of the names of collections beside */
  tag: z.string().regex(/^[0-9a-f]{8}$/),
  at: z.iso.datetime(),
  instance: z.object({ id: idSchema, slug: slugSchema }),
  backupId: idSchema,
  /** `<root>/.talekeeper/<restore>` each, made after this line was written */
  stages: z.array(absolutePathSchema).max(1000),
  /** what may be replaced lies at or below these */
  roots: z.array(place).max(10_000),
  /** folders that get `.talekeeper`, as they were before */
  folders: z.array(folderItemSchema.pick({ place: true, before: true })).max(1000),
  /** of which collections may be made or replaced */
  databases: z.array(z.string().min(1).max(63)).max(1000),
  /** program and arguments that let the writers go on, of the policy file at that time; null: nobody was stopped by us */
  startWriters: z.array(z.string()).min(1).nullable(),
})
export type Begin = z.infer<typeof beginSchema>

export const recordSchema = z.discriminatedUnion('type', [
  beginSchema,
  z.object({ type: z.literal('item'), item: itemSchema }),
  /** all items stand before this line */
  z.object({ type: z.literal('planned'), items: z.int().min(0), at: z.iso.datetime() }),
  /**
   * Which way everything goes from here on, also after a crash. The first `forward` is the commit point: a journal without any
   * goes back. The last one counts.
   */
  z.object({
    type: z.literal('decision'),
    direction: z.enum(directions),
    why: z.enum(['commit', 'failure', 'undo', 'resume', 'roll-back']),
    at: z.iso.datetime(),
  }),
  z.object({ type: z.literal('step'), number: z.int().min(1), what: z.string().max(5000) }),
  /** everything stands as the decision says, and was compared */
  z.object({ type: z.literal('arrived'), direction: z.enum(directions), at: z.iso.datetime() }),
  /** what was stopped was told to go on */
  z.object({ type: z.literal('writers-started') }),
  /** from here on all that is beside is removed */
  z.object({ type: z.literal('drop'), at: z.iso.datetime() }),
])
export type JournalRecord = z.infer<typeof recordSchema>
