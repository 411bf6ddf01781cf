import { jobId } from '@/protocol/jobs'
import type { RunReference } from '@/protocol/worker-api'

/** Names a run's journal, spool and temporary folder: `backup-<id>-<attempt>`. */
export function runKey(run: RunReference): string {
  return jobId(run.name, run)
}

/** What `runKey` makes. */
export const runKeyPattern = /^(backup|restore|discard|prune|inspection|replication|ask)-([0-9a-f-]{36})-(\d{1,9})$/

/** Names the folders of a run without a control plane; they are nobody's once that process has ended. */
export function aloneKey(processId: number, id: string): string {
  return `alone-${processId}-${id}`
}

export const aloneKeyPattern = /^alone-(\d{1,9})-[0-9a-f-]{36}$/
