import { z } from 'zod'
import type { Severity } from '@/core/incidents/kind-rules'
import type { Progress } from '@/protocol/events'

/** What a live stream tells, and what a reader may ask for. */

/** A backup or restore that waits or goes on. */
export type OpenRun = {
  name: 'backup' | 'restore'
  id: string
  state: 'queued' | 'running'
  instance: { slug: string; name: string }
  planName: string
  /** ISO; when it was requested while it waits */
  since: string
  cancelRequested: boolean
  progress: Progress | null
}

/** `version` changes whenever a run or what becomes of it begins or ends, an incident opens or closes, or somebody changes anything: pages then load anew. */
export type LiveState = { version: string; runs: OpenRun[]; incidents: OpenIncidents }

/** `version` changes whenever one of them does; `urgent`: neither mere notices nor acknowledged. */
export type OpenIncidents = { version: string; open: number; urgent: number; worst: Severity | null }
export const noIncidents: OpenIncidents = { version: '', open: 0, urgent: 0, worst: null }

/** A run that a page shows in full, and the log line it has got to. */
export const followSchema = z
  .string()
  .regex(/^(backup|restore)\.[0-9a-f-]{36}(\.\d{1,9}\.\d{1,12})?$/)
  .transform((text) => {
    const [name, id, attempt, sequence] = text.split('.')
    return {
      name: name === 'restore' ? ('restore' as const) : ('backup' as const),
      id: id ?? '',
      after: attempt && sequence ? { attempt: Number(attempt), sequence: Number(sequence) } : undefined,
    }
  })
export type Follow = z.infer<typeof followSchema>
