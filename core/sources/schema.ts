import { z } from 'zod'
import { mongodbContainerSchema } from '@/protocol/mongodb-container'
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

export const connectionSchema = z
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
  reach: z.enum(['direct', 'container']).default('direct'),
  /** with `container` only */
  network: z.string().default(''),
  image: z.string().default(''),
  databases: databasesSchema,
  consistency: mongodbSourceSchema.shape.consistency,
  tools: toolsSchema,
}

type ReachFields = { reach: 'direct' | 'container'; network: string; image: string; databases: string[] | null }

/** Faults of the fields that only a container has, each at its own. */
function checkReach({ reach, network, image, databases }: ReachFields, context: z.RefinementCtx): void {
  if (reach === 'direct') return
  for (const { path, message } of mongodbContainerSchema.safeParse({ network, image }).error?.issues ?? [])
    context.addIssue({ code: 'custom', path, message })
  if ((databases?.length ?? 0) > 1)
    context.addIssue({
      code: 'custom',
      path: ['databases'],
      message: 'In a container mongodump makes the dump, which takes either one database or all.',
    })
}

/** As it is saved: one value that says how, and by what. */
function withReach<T extends ReachFields>({ reach, network, image, ...fields }: T) {
  const container = mongodbContainerSchema.safeParse({ network, image })
  return { ...fields, reach: reach === 'container' && container.success ? container.data : ('direct' as const) }
}

const optionalPath = z
  .string()
  .trim()
  .default('')
  .transform((text) => text || undefined)
  .pipe(absolutePathSchema.optional())

const treeFields = {
  kind: z.literal('tree'),
  workerId,
  path: z.string().trim().pipe(absolutePathSchema),
  exclude: pathLines,
  oneFileSystem: checkbox,
  mustBeMount: checkbox,
  mountPoint: optionalPath,
  girderPath: optionalPath,
}

const patternLines = pathLines.refine((paths) => paths.every((path) => !path.includes('**')), {
  error: '** is not needed: name the folder, which is backed up with all that it holds.',
})

const configFields = {
  kind: z.literal('config'),
  workerId,
  paths: patternLines,
  optionalPaths: patternLines.optional(),
}

function namesPath({ paths, optionalPaths = [] }: { paths: string[]; optionalPaths?: string[] | undefined }): boolean {
  return paths.length + optionalPaths.length > 0
}
const namesPathRule = { error: 'Enter at least one path.', path: ['paths'] }

function excludesBelow(tree: { path: string; exclude: string[] }): boolean {
  return tree.exclude.every((path) => isBelow(path, tree.path))
}
const excludesBelowRule = {
  error: 'Each excluded path is a full path below the tree, such as /mnt/homes/tmp.',
  path: ['exclude'],
}

export const createSourceSchema = z.discriminatedUnion('kind', [
  z
    .object({ slug: slugSchema, connection: connectionSchema, ...mongodbFields })
    .superRefine(checkReach)
    .transform(withReach),
  z.object({ slug: slugSchema, ...treeFields }).refine(excludesBelow, excludesBelowRule),
  z.object({ slug: slugSchema, ...configFields }).refine(namesPath, namesPathRule),
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
  z
    .object({ connection: newConnectionSchema, ...mongodbFields })
    .superRefine(checkReach)
    .transform(withReach),
  z.object(treeFields).refine(excludesBelow, excludesBelowRule),
  z.object(configFields).refine(namesPath, namesPathRule),
])
export type UpdateSourceInput = z.output<typeof updateSourceSchema>

/** The part of an input that is the row's `settings`. */
export function settingsOf(input: CreateSourceInput | UpdateSourceInput) {
  return settingsSchemas[input.kind].parse(input)
}
