import { z } from 'zod'
import { idSchema } from './names'

/**
 * The job catalogue. A job carries ids and nothing else; the database row is the truth, and fetching the spec claims the run.
 * `work` runs one at a time, so that a night's run never overlaps another; `ask` answers questions meanwhile.
 */
const run = z.strictObject({ id: idSchema, attempt: z.int().min(1) })

export const jobCatalog = {
  backup: { queue: 'work', payload: run },
  restore: { queue: 'work', payload: run },
  /** removes the scratch place of a finished restore */
  discard: { queue: 'work', payload: run },
  /** deletes exact backups, or the leftovers of failed ones, from a remote */
  prune: { queue: 'work', payload: run },
  /** looks at a remote and changes nothing there */
  inspection: { queue: 'work', payload: run },
  /** copies a backup from one remote to another */
  replication: { queue: 'work', payload: run },
  ask: { queue: 'ask', payload: run },
} as const

export type JobName = keyof typeof jobCatalog
export type QueueName = (typeof jobCatalog)[JobName]['queue']
export type JobPayload = z.infer<typeof run>
export const jobNameSchema = z.enum(Object.keys(jobCatalog) as [JobName, ...JobName[]])

/** Redis accepts no colon in a custom job id. The same run and attempt can be queued only once. */
export function jobId(name: JobName, payload: JobPayload): string {
  return `${name}-${payload.id}-${payload.attempt}`
}
