import type { ChangesContent, Entry } from './content'

/** A message that nobody reads to its end helps nobody; the incidents page has them all. */
const mostEntries = 100

/**
 * Joins new entries to those of a message that was not sent yet, one per incident: what opened and closed meanwhile is told in one
 * go, and what got worse before anybody heard of it is told as it is now.
 */
export function gatherEntries(gathered: ChangesContent, added: Entry[]): ChangesContent {
  const entries = new Map(gathered.entries.map((entry) => [entry.incidentId, entry]))
  let { leftOut } = gathered
  for (const entry of added) {
    const earlier = entries.get(entry.incidentId)
    if (!earlier && entries.size >= mostEntries) leftOut++
    else entries.set(entry.incidentId, earlier ? joined(earlier, entry) : entry)
  }
  return { entries: [...entries.values()], leftOut }
}

function joined(earlier: Entry, entry: Entry): Entry {
  const wasNew = earlier.change === 'opened' || earlier.isBrief
  if (entry.change === 'closed') return { ...entry, isBrief: wasNew }
  if (earlier.change === 'closed') return { ...entry, change: wasNew ? 'opened' : entry.change }
  // nobody has heard of the first change yet
  return { ...entry, change: entry.change === 'reminded' ? earlier.change : wasNew ? 'opened' : entry.change }
}
