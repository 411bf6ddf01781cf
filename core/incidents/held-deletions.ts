import type { Found } from './condition'
import { momentInWords } from './words'

/** What keeps a plan's old backups from being deleted, apart from the shrink guard, which has a kind of its own. */
export type HeldDeletions = {
  reason: 'clocks' | 'workerAway' | 'doubted'
  since: Date
  /** of the workers that cause it */
  workers: string[]
  /** backups that would be deleted, or are doubted */
  count: number
}

/** Deletions that stand still for less than this are nothing to worry about: they catch up. */
export const patienceDays = 3

const words: Record<HeldDeletions['reason'], (workers: string) => { text: string; action: string }> = {
  clocks: (workers) => ({
    text: `The clock of ${workers} does not agree with the dashboard’s`,
    action: 'Let both hosts take their time from NTP. Deletions go on by themselves then.',
  }),
  workerAway: (workers) => ({
    text: `${workers || 'The worker'}, which would delete them, is away`,
    action: 'Start the worker, or enrol another in its place. Deletions go on by themselves then.',
  }),
  doubted: () => ({
    text: 'A deletion ended without a word, and it is not known whether its backups are still whole',
    action: 'Look at the remote’s page: the clean-up is tried again each day, and its last try says what stops it.',
  }),
}

/** Of a plan one condition, with the reason that has held the longest. */
export function heldDeletions(held: HeldDeletions[], name: string): Found[] {
  const [oldest] = held.toSorted((a, b) => a.since.getTime() - b.since.getTime())
  if (!oldest) return []
  const { text, action } = words[oldest.reason](oldest.workers.map((worker) => `“${worker}”`).join(', '))
  const backups = oldest.count === 1 ? 'One backup waits' : `${oldest.count} backups wait`
  return [
    {
      kind: 'deletions-held',
      severity: 'warning',
      title: `Old backups of ${name} are not deleted`,
      text: `${text}, since ${momentInWords(oldest.since)}. ${backups} to be deleted.`,
      meaning: 'Nothing is lost. The remote fills, and data is kept for longer than was promised.',
      action,
      since: oldest.since,
    },
  ]
}
