import { z } from 'zod'
import { absolutePathSchema, slugSchema } from '@/protocol/names'
import { configSourceSchema, mongodbSourceSchema, treeSourceSchema } from '@/protocol/sources'

/** What the source forms send, and what is saved. The connection goes in and never comes out again. */

/** One entry a line; blank lines are dropped. */
const lines = z
  .string()
  .max(500_000, 'That is too long.')
  .transform((text) =>
    text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  )

/** `on` when ticked, absent when not */
const checkbox = z
  .string()
  .optional()
  .transform((value) => value !== undefined)

const hostList =
  /^(?:[\w.-]+\/)?(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?(?:,(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?)*$/

const connectionSchema = z
  .string()
  .trim()
  .max(4096, 'That is too long for a connection.')
  .refine(
    (text) => /^mongodb(\+srv)?:\/\/\S+$/.test(text) || hostList.test(text),
    'Enter a mongodb:// address, or hosts such as rs1/wt_mongo1:27017,wt_mongo2:27017.',
  )

const databasesSchema = lines
  .transform((names) => names.flatMap((line) => line.split(',').map((name) => name.trim())).filter(Boolean))
  .refine((names) => names.length <= 1000, 'At most 1000 databases can be named.')
  .refine(
    (names) => names.every((name) => name.length <= 63 && !/[/\\. "$*<>:|?]/.test(name)),
    'A database name has at most 63 characters, and none of / \\ . " $ * < > : | ?',
  )
  .transform((names) => (names.length ? [...new Set(names)] : null))

const toolsSchema = z
  .string()
  .trim()
  .transform((text) => (text === '' ? 'auto' : text))
  .pipe(mongodbSourceSchema.shape.tools)

/** Of each kind, the settings that may be shown: columns of the row's `settings`. */
export const settingsSchemas = {
  mongodb: mongodbSourceSchema.omit({ kind: true, id: true, slug: true, connection: true }),
  tree: treeSourceSchema.omit({ kind: true, id: true, slug: true }),
  config: configSourceSchema.omit({ kind: true, id: true, slug: true }),
} as const

const workerId = z.uuid('Choose a worker.')

const pathLines = lines.pipe(z.array(absolutePathSchema).max(1000, 'At most 1000 paths.'))

function isBelow(path: string, tree: string): boolean {
  return path.startsWith(tree === '/' ? '/' : `${tree}/`) && path !== tree
}

const mongodbFields = {
  kind: z.literal('mongodb'),
  workerId,
  reach: z.literal('direct').default('direct'),
  databases: databasesSchema,
  consistency: mongodbSourceSchema.shape.consistency,
  tools: toolsSchema,
}

const treeFields = {
  kind: z.literal('tree'),
  workerId,
  path: z.string().trim().pipe(absolutePathSchema),
  exclude: pathLines,
  oneFileSystem: checkbox,
  mustBeMount: checkbox,
}

const configFields = {
  kind: z.literal('config'),
  workerId,
  paths: pathLines.pipe(z.array(z.string()).min(1, 'Enter at least one path.')),
}

function excludesBelow(tree: { path: string; exclude: string[] }): boolean {
  return tree.exclude.every((path) => isBelow(path, tree.path))
}
const excludesBelowRule = {
  error: 'Each excluded path is a full path below the tree, such as /mnt/homes/tmp.',
  path: ['exclude'],
}

export const createSourceSchema = z.discriminatedUnion('kind', [
  z.object({ slug: slugSchema, connection: connectionSchema, ...mongodbFields }),
  z.object({ slug: slugSchema, ...treeFields }).refine(excludesBelow, excludesBelowRule),
  z.object({ slug: slugSchema, ...configFields }),
])
export type CreateSourceInput = z.output<typeof createSourceSchema>

/** A blank connection keeps the one that is saved. */
const newConnectionSchema = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .pipe(connectionSchema.optional())

/** Slug and kind stay as they are. */
export const updateSourceSchema = z.discriminatedUnion('kind', [
  z.object({ connection: newConnectionSchema, ...mongodbFields }),
  z.object(treeFields).refine(excludesBelow, excludesBelowRule),
  z.object(configFields),
])
export type UpdateSourceInput = z.output<typeof updateSourceSchema>

/** The part of an input that is the row's `settings`. */
export function settingsOf(input: CreateSourceInput | UpdateSourceInput) {
  return settingsSchemas[input.kind].parse(input)
}
