import type { ArchiveCollection } from './archive-format'
import { parseExtendedJson } from './extended-json'

/** Values are what `serialize` takes; documents within are Maps, which keep the order of their fields. */
export type IndexSpecification = ReadonlyMap<string, unknown>

/** Options that `create` does not take, or that would tie the new collection to the old one. */
const optionsOfOldServers = ['uuid', 'autoIndexId', 'temp', 'create']

/** The options of a collection as `create` takes them. */
export function collectionOptions(collection: ArchiveCollection): Record<string, unknown> {
  const options = parseMetadata(collection).get('options')
  if (!(options instanceof Map)) return {}
  return Object.fromEntries([...options].filter(([name]) => !optionsOfOldServers.includes(name)))
}

/** The indexes of a collection but the one on `_id`, as `createIndexes` takes them. */
export function collectionIndexes(collection: ArchiveCollection): IndexSpecification[] {
  const indexes = parseMetadata(collection).get('indexes')
  if (!Array.isArray(indexes)) return []
  return indexes
    .filter((index): index is Map<string, unknown> => index instanceof Map && index.get('name') !== '_id_')
    .map((index) => new Map([...index].filter(([name]) => !['v', 'ns', 'background'].includes(name))))
}

function parseMetadata(collection: ArchiveCollection): Map<string, unknown> {
  if (collection.metadata === '') return new Map()
  const metadata = parseExtendedJson(collection.metadata)
  return metadata instanceof Map ? metadata : new Map()
}
