import type { choicesOf } from '@/engine/restore/in-place/choose-in-place'
import type { DatabasePlace } from '@/engine/restore/in-place/database-place'
import { factsBefore } from '@/engine/restore/in-place/plan-collections'
import { type Change, mostNamed, type RestorePreview } from '@/protocol/restore-preview'

/** What an exchange would change of the collections, every document that is there read and compared. Views are not among them. */
export async function previewCollections(
  server: DatabasePlace,
  choices: ReturnType<typeof choicesOf>,
  signal: AbortSignal,
): Promise<Pick<RestorePreview, 'counts' | 'collections'>> {
  const counts = { added: 0, changed: 0, removed: 0, same: 0 }
  const all: RestorePreview['collections'] = []
  for (const { database, isWhole, namespaces } of choices) {
    const after = new Map(namespaces.flatMap((one) => (one.type === 'view' ? [] : [[one.collection, one] as const])))
    const before = await factsBefore(server, { database, isWhole, names: [...after.keys()] }, signal)
    for (const collection of [...new Set([...before.keys(), ...after.keys()])].sort()) {
      const [was, becomes] = [before.get(collection), after.get(collection)]
      const isSame = was?.digest === becomes?.digest && was?.count === becomes?.documents
      const change: Change = !was ? 'added' : !becomes ? 'removed' : isSame ? 'same' : 'changed'
      counts[change]++
      all.push({ database, collection, change, now: was?.count ?? null, after: becomes?.documents ?? null })
    }
  }
  all.sort((one, other) => Number(one.change === 'same') - Number(other.change === 'same'))
  return { counts, collections: all.slice(0, mostNamed.collections) }
}
