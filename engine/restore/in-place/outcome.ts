import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import { collectionFacts } from './collection-facts'
import { standingName } from './collection-names'
import { type DatabasePlace, listNamespaces } from './database-place'
import { readAttributes } from './folder-attributes'
import { isThere } from './folder-handle'
import type { JournalState } from './journal'
import type { Direction, Facts } from './journal-records'
import { pathOf, placeOf } from './path-mover'
import { sorted } from './settle'
import { treeFacts } from './tree-facts'

export type Outcome = {
  /** files, folders and collections that stand as they should */
  identical: number
  expected: number
  /** the first 1000 */
  differences: { where: string; text: string }[]
  differenceCount: number
}

const namedDifferences = 1000

/**
 * Compares what stands in place with what should stand there: after the way forward the new, as it was compared with the backup;
 * after the way back the old, as it was before.
 */
export async function compareOutcome(
  { begin, items, direction }: JournalState,
  server: DatabasePlace | null,
  signal: AbortSignal,
): Promise<Outcome> {
  const outcome: Outcome = { identical: 0, expected: 0, differences: [], differenceCount: 0 }
  const note = (where: string, difference: string | null) => {
    outcome.expected++
    if (difference === null) outcome.identical++
    else if (outcome.differenceCount++ < namedDifferences) outcome.differences.push({ where, text: difference })
  }
  const { paths, collections, views, folders } = sorted(items)
  for (const item of paths) {
    const place = pathOf(item, 'place')
    const found = (await isThere(place)) ? await treeFacts(place, signal) : null
    note(displayName(placeOf(item)), differenceOf(expectedOf(item, direction), found, 'entries'))
  }
  for (const { database, name, ...item } of collections) {
    if (!server) throw new Error('collections without a server')
    const there = (await listNamespaces(server, database)).get(name)
    const isCollection = there !== undefined && there.type !== 'view'
    const found = isCollection
      ? await collectionFacts(server, database, standingName(name, 'place', begin.tag), signal)
      : null
    const expected = expectedOf(item, direction)
    const difference = differenceOf(expected, found, 'documents')
    const hasExpired = item.expires && expected !== null && found !== null && found.count < expected.count
    note(`${database}.${name}`, hasExpired ? null : difference)
  }
  for (const view of views) {
    if (!server) throw new Error('views without a server')
    const found = (await listNamespaces(server, view.database)).get(view.name)?.definition ?? null
    const expected = direction === 'forward' ? view.after : view.before
    note(`${view.database}.${view.name}`, found === expected ? null : 'the view is not as it should be')
  }
  for (const folder of folders) {
    const expected = direction === 'forward' ? folder.after : folder.before
    const found = await readAttributes(placeOf(folder))
    const isSame = Object.entries(expected).every(([key, value]) => found[key as keyof typeof found] === value)
    note(displayName(placeOf(folder)), isSame ? null : 'owner, mode or time of this folder are not as they should be')
  }
  return outcome
}

function expectedOf(sides: { before: Facts | null; after: Facts | null }, direction: Direction): Facts | null {
  return direction === 'forward' ? sides.after : sides.before
}

function differenceOf(expected: Facts | null, found: Facts | null, what: string): string | null {
  if (!expected) return found ? 'something stands there, and nothing should' : null
  if (!found) return 'it is missing'
  if (found.count !== expected.count) return `${found.count} ${what} instead of ${expected.count}`
  return found.digest === expected.digest ? null : `as many ${what}, but not the same`
}

export function differs(outcome: Outcome, action: string): Problem {
  const [first] = outcome.differences
  return new Problem({
    code: 'not-identical',
    text: `${outcome.differenceCount} of ${outcome.expected} places are not as they should be${first ? `, the first: ${first.text}` : ''}.`,
    action,
    ...(first ? { where: first.where.slice(0, 1000) } : {}),
  })
}
