import type { MongoServer } from '@/lib/mongo-driver'
import { Problem } from '@/protocol/problem'
import { collectionFacts } from './collection-facts'
import { isBeside, longestNamespaceBytes, standingName } from './collection-names'
import { type DatabasePlace, hasExpiry, listNamespaces } from './database-place'
import type { CollectionItem, Facts, ViewItem } from './journal-records'

/** What of one database waits to be put in place. */
export type DatabaseChoice = {
  database: string
  /** the whole database: what it holds and the backup does not is taken away */
  isWhole: boolean
  /** collections of the backup, as they were compared in the stage */
  collections: Map<string, Facts>
  /** those of them that get an index which lets documents expire */
  expiring: Set<string>
  /** views of the backup, by what they show */
  views: Map<string, string>
}

/**
 * Decides which collections and views are exchanged, and notes what both sides are like. `known`: what those in place were like
 * when the restore began. Throws Problem `writes-seen` when one is not so any more, and `collection-kind` for one that cannot be renamed.
 */
export async function planCollections(
  server: DatabasePlace,
  choice: DatabaseChoice,
  options: { known: Map<string, Facts>; signal: AbortSignal },
): Promise<{ collections: CollectionItem[]; views: ViewItem[] }> {
  const { database } = choice
  const there = await replaceable(server, choice, new Set([...choice.collections.keys(), ...choice.views.keys()]))
  const collections: CollectionItem[] = []
  const views: ViewItem[] = []
  for (const name of new Set([...there.keys(), ...choice.collections.keys(), ...choice.views.keys()])) {
    const found = there.get(name)
    const hadOld = found !== undefined && found.type !== 'view'
    const after = choice.collections.get(name) ?? null
    if (hadOld || after) {
      const before = hadOld ? await collectionFacts(server, database, name, options.signal) : null
      const oldExpires = hadOld && (await hasExpiry(server, database, name))
      if (!oldExpires) requireUnchanged(`${database}.${name}`, options.known.get(name) ?? null, before)
      const expires = oldExpires || choice.expiring.has(name)
      collections.push({ kind: 'collection', database, name, expires, hadOld, hasNew: after !== null, before, after })
    }
    const [was, becomes] = [found?.definition ?? null, choice.views.get(name) ?? null]
    if (was !== null || becomes !== null) views.push({ kind: 'view', database, name, before: was, after: becomes })
  }
  return { collections, views }
}

/** What the collections that would be replaced are like now. */
export async function factsBefore(
  server: DatabasePlace,
  choice: Pick<DatabaseChoice, 'database' | 'isWhole'> & { names: string[] },
  signal: AbortSignal,
): Promise<Map<string, Facts>> {
  const facts = new Map<string, Facts>()
  for (const { name, type } of (await listNamespaces(server, choice.database)).values()) {
    if (type === 'view' || isBeside(name) || (!choice.isWhole && !choice.names.includes(name))) continue
    facts.set(name, await collectionFacts(server, choice.database, name, signal))
  }
  return facts
}

/** Throws Problem `sharded`. */
export function requireNotSharded({ facts }: Pick<MongoServer, 'facts'>): void {
  if (facts.isRouter)
    throw new Problem({
      code: 'sharded',
      text: 'This MongoDB is sharded, and its collections are not renamed in place.',
      action: 'Restore it beside, and copy what you need.',
    })
}

/** What stands in the database and is concerned: `names` are those of the backup. Throws Problem `collection-kind`. */
export async function replaceable(
  server: Pick<DatabasePlace, 'listCollections'>,
  choice: Pick<DatabaseChoice, 'database' | 'isWhole'>,
  names: Set<string>,
) {
  const isConcerned = (name: string) => !isBeside(name) && (choice.isWhole || names.has(name))
  const there = [...(await listNamespaces(server, choice.database))].filter(([name]) => isConcerned(name))
  const odd = there.find(([, { type }]) => type !== 'collection' && type !== 'view')
  if (odd)
    throw new Problem({
      code: 'collection-kind',
      text: `A ${odd[1].type} collection cannot be renamed, so that it cannot be exchanged in place.`,
      action: 'Restore it beside and copy its documents, or choose the other collections.',
      where: `${choice.database}.${odd[0]}`,
    })
  return new Map(there)
}

function requireUnchanged(where: string, known: Facts | null, found: Facts | null): void {
  if (known?.digest === found?.digest && known?.count === found?.count) return
  throw new Problem({
    code: 'writes-seen',
    text: 'Documents were written after the restore began to look, so that they would be lost from sight. Nothing was changed.',
    action: 'Stop what writes there (put Girder into maintenance, end running tales), and start the restore again.',
    where,
  })
}

/** Throws Problem `name-too-long` for a collection whose names beside would not fit the server. */
export function requireFittingNames(database: string, names: string[], tag: string, serverVersion: string): void {
  const longest = longestNamespaceBytes(serverVersion)
  for (const name of names)
    if (Buffer.byteLength(`${database}.${standingName(name, 'late', tag)}`) > longest - 4)
      throw new Problem({
        code: 'name-too-long',
        text: `MongoDB ${serverVersion} allows names of ${longest} bytes, and this collection would get a longer one while it waits.`,
        action: 'Restore it beside and rename it by hand, or choose the other collections.',
        where: `${database}.${name}`,
      })
}
