import type { RunEvent } from '@/protocol/events'

/**
 * The events that follow the last one taken, in order and without a gap; doubled ones and all after a gap are left out, to be
 * sent again. Nothing comes after `finished`.
 */
export function freshEvents(lastSequence: number, events: RunEvent[]): RunEvent[] {
  const fresh: RunEvent[] = []
  for (const event of events.toSorted((a, b) => a.sequence - b.sequence)) {
    if (event.sequence !== lastSequence + fresh.length + 1) continue
    fresh.push(event)
    if (event.body.type === 'finished') break
  }
  return fresh
}
