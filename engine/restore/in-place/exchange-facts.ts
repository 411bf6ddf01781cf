import type { Exchange } from '@/protocol/events'
import type { JournalState } from './journal'

/** What people are told of a journal. */
export function exchangeOf({ items }: Pick<JournalState, 'items'>, state: Exchange['state']): Exchange {
  const collections = items.filter(({ kind }) => kind === 'collection' || kind === 'view').length
  const isOver = state === 'dropped' || state === 'rolled-back'
  let besideBytes = 0
  for (const item of items) {
    if (item.kind !== 'path' && item.kind !== 'collection') continue
    besideBytes += (state === 'undone' ? item.after : item.before)?.bytes ?? 0
  }
  return {
    state,
    paths: items.filter(({ kind }) => kind === 'path').length,
    collections,
    besideBytes: isOver ? 0 : besideBytes,
    at: new Date().toISOString(),
  }
}
