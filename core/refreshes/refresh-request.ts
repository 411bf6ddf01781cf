import { z } from 'zod'
import { requestRestoreSchema } from '@/core/restores/request-restore'

/** Refresh.request: a restore in place that is asked for again and again, each time of another backup. */
export const refreshRequestSchema = requestRestoreSchema
  .pick({ workerId: true, remoteId: true, mongodbSourceId: true, artifacts: true, selection: true, fixUps: true })
  .extend({ inPlace: requestRestoreSchema.shape.inPlace.unwrap().unwrap() })
export type RefreshRequest = z.output<typeof refreshRequestSchema>

/** Refresh.accepted */
export const acceptedSchema = z.array(z.string())
