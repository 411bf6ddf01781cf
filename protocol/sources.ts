import { z } from 'zod'
import { mongodbContainerSchema } from './mongodb-container'
import { absolutePathSchema, idSchema, slugSchema } from './names'

/**
 * How a MongoDB source is dumped. `connection` is a mongodb:// or mongodb+srv:// address, or hosts as Whole Tale writes them
 * (`rs1/wt_mongo1:27017,wt_mongo2:27017`); it may hold credentials and is a secret.
 */
export const mongodbSourceSchema = z.object({
  kind: z.literal('mongodb'),
  id: idSchema,
  slug: slugSchema,
  /** `direct`: the worker reaches the server over the network that it is in; else by programs in a container. */
  reach: z.union([z.literal('direct'), mongodbContainerSchema]),
  connection: z.string().min(1).max(4096),
  /** `null`: all databases but `local`. */
  databases: z.array(z.string().min(1).max(63)).min(1).max(1000).nullable(),
  /** `best`: oplog or snapshot where the server has it, recorded honestly where not. `plain`: each collection as of its own read. */
  consistency: z.enum(['best', 'plain']),
  /** `auto`: mongodump where one fits the server, else the built-in dumper; or the folder of a tool set. A container has its own. */
  tools: z.union([z.literal('auto'), z.literal('built-in'), absolutePathSchema]),
})

/** A directory tree. All trees of a plan go into one tar, so that hard links across them survive. */
export const treeSourceSchema = z.object({
  kind: z.literal('tree'),
  id: idSchema,
  slug: slugSchema,
  path: absolutePathSchema,
  /** Anchored full paths below `path`; what lies below an excluded directory is excluded too. */
  exclude: z.array(absolutePathSchema).max(1000),
  /** Do not cross into other filesystems mounted below `path`. */
  oneFileSystem: z.boolean(),
  /** Fail when `mountPoint` is not mounted: an unmounted volume looks empty, not missing. */
  mustBeMount: z.boolean(),
  /** The volume on which `path` lies; absent: `path` itself. */
  mountPoint: absolutePathSchema.optional(),
  /** What Girder calls `path` in its own container, as in `fsPath` of its folders; absent: the same. */
  girderPath: absolutePathSchema.optional(),
})

/**
 * Single configuration files or small folders, by absolute path. `*` and `?` stand for what one name holds, never for a slash;
 * the worker looks for what they match when it makes a backup.
 */
export const configSourceSchema = z.object({
  kind: z.literal('config'),
  id: idSchema,
  slug: slugSchema,
  /** each must be there, and each pattern must match something */
  paths: z.array(absolutePathSchema).max(1000),
  /** may be missing */
  optionalPaths: z.array(absolutePathSchema).max(1000).optional(),
})

export const sourceSchema = z.discriminatedUnion('kind', [mongodbSourceSchema, treeSourceSchema, configSourceSchema])

export type MongodbSource = z.infer<typeof mongodbSourceSchema>
export type TreeSource = z.infer<typeof treeSourceSchema>
export type ConfigSource = z.infer<typeof configSourceSchema>
export type Source = z.infer<typeof sourceSchema>
