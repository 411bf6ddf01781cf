import type { FixUpResult } from '@/protocol/fix-ups'

/** One fix-up as it is applied to the documents of a database. */
export type PlannedFixUp = {
  result: FixUpResult
  concerns: (collection: string) => boolean
  /**
   * The changed document, the same one when nothing changes, or null when it is to go. Documents come one after the other and in no
   * order.
   */
  change: (document: Uint8Array) => Uint8Array | null
  /** What has to be there and was not among the documents; asked for when all of `collection` were seen. */
  missing?: { collection: string; document: () => Uint8Array | null }
}

const longestShown = 1000

/** Takes passwords out of addresses, and cuts what is long. */
export function shownValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.replace(/:\/\/([^\s/:@]*):[^\s/@]*@/g, '://$1:••••••@').slice(0, longestShown)
}
