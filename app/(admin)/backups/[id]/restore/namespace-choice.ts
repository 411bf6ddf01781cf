export type Namespace = { database: string; collection: string; documents: number }

/** Databases with their collections, each with its documents. */
export function byDatabase(namespaces: Namespace[]): { name: string; collections: Namespace[]; documents: number }[] {
  const names = [...new Set(namespaces.map(({ database }) => database))].sort()
  return names.map((name) => {
    const collections = namespaces.filter(({ database }) => database === name)
    return { name, collections, documents: collections.reduce((sum, { documents }) => sum + documents, 0) }
  })
}

/**
 * Chosen namespaces after one was ticked or unticked: `girder`, or `girder.user`. A database all of whose collections are chosen is
 * chosen itself. `chosen` null: all were.
 */
export function toggled(chosen: string[] | null, namespaces: Namespace[], name: string, on: boolean): string[] {
  const databases = byDatabase(namespaces)
  const picked = new Set(
    databases.flatMap(({ name: database, collections }) =>
      collections
        .map(({ collection }) => `${database}.${collection}`)
        .filter((namespace) => chosen === null || chosen.includes(database) || chosen.includes(namespace)),
    ),
  )
  const concerned = databases
    .flatMap(({ name: database, collections }) => collections.map(({ collection }) => ({ database, collection })))
    .filter(({ database, collection }) => name === database || name === `${database}.${collection}`)
  for (const { database, collection } of concerned) {
    if (on) picked.add(`${database}.${collection}`)
    else picked.delete(`${database}.${collection}`)
  }
  return databases.flatMap(({ name: database, collections }) => {
    const ofIt = collections.map(({ collection }) => `${database}.${collection}`).filter((full) => picked.has(full))
    return ofIt.length === collections.length ? [database] : ofIt
  })
}
