import { z } from 'zod'
import { mongodbContainerSchema } from './mongodb-container'
import { absolutePathSchema } from './names'
import { backendSchema } from './remotes'

/** A root-owned file on the worker's host: what this worker may be told to do, whatever the control plane says. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  /** trees and configuration files must lie at or below one of these */
  sourceRoots: z.array(absolutePathSchema),
  /** restores are written below one of these only */
  restoreRoots: z.array(absolutePathSchema),
  /** remotes of backend `local` must lie at or below one of these */
  localRemoteRoots: z.array(absolutePathSchema),
  backends: z.array(backendSchema),
  /** MongoDB dumps and restores beside */
  mongodb: z.boolean(),
  /** Docker images whose programs may be run to dump a MongoDB; none where this is absent */
  mongodbImages: z.array(mongodbContainerSchema.shape.image).optional(),
  /** what lies at or below the source roots may be replaced by a restore */
  inPlaceRestore: z.boolean(),
  /** programs with their arguments that stop what writes into the sources, for a restore in place, and let it go on */
  writers: z
    .strictObject({ stop: z.array(z.string()).min(1).max(50), start: z.array(z.string()).min(1).max(50) })
    .optional(),
})
export type Policy = z.infer<typeof policySchema>
