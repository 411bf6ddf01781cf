import { standingName } from './collection-names'
import { type DatabasePlace, listNamespaces } from './database-place'
import type { CollectionItem } from './journal-records'
import type { Mover } from './mover'

/** Moves collections between their names. A view of the same name is none of its business. */
export function collectionMover(server: DatabasePlace, tag: string): Mover<CollectionItem> {
  const names = async (database: string) => {
    const found = await listNamespaces(server, database)
    return new Set([...found.values()].filter(({ type }) => type !== 'view').map(({ name }) => name))
  }
  return {
    see: async ({ database, name, hasNew }) => {
      const there = await names(database)
      return {
        place: there.has(name),
        fresh: hasNew && there.has(standingName(name, 'fresh', tag)),
        old: there.has(standingName(name, 'old', tag)),
      }
    },
    move: async ({ database, name }, { from, to }) => {
      const there = to === 'late' ? await names(database) : new Set<string>()
      await server.renameCollection(
        database,
        standingName(name, from, tag),
        to === 'late' ? freeLateName(name, tag, there) : standingName(name, to, tag),
      )
    },
    words: ({ database, name }) => `${database}.${name}`,
  }
}

function freeLateName(name: string, tag: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? standingName(name, 'late', tag) : `${name}__late${number}_${tag}`
    if (!taken.has(candidate)) return candidate
  }
}
