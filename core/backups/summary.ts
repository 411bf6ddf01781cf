import type { z } from 'zod'
import { eventBodySchema } from '@/protocol/events'

type SummaryBody = Extract<z.infer<typeof eventBodySchema>, { type: 'summary' }>
export type BackupSummary = Omit<SummaryBody, 'type'>

/** What a row keeps of its manifest's facts; null before they were reported. Pure. */
export function readSummary(stored: unknown): BackupSummary | 'unreadable' | null {
  if (stored === null || stored === undefined) return null
  if (typeof stored !== 'object') return 'unreadable'
  const result = eventBodySchema.safeParse({ ...stored, type: 'summary' })
  if (!result.success || result.data.type !== 'summary') return 'unreadable'
  const { type: _type, ...summary } = result.data
  return summary
}
