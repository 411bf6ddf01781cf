import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import { isBeside } from './collection-names'
import { type DatabasePlace, listNamespaces } from './database-place'
import { isThere } from './folder-handle'
import type { SourceGround } from './grounds'
import { standingIn } from './plan-paths'

/** Named one by one; of more the number is told. */
const mostNamed = 5

type Target = {
  grounds: Pick<SourceGround, 'whole' | 'chosen' | 'excluded'>[]
  mountPoints: string[]
  /** null: no database is restored */
  server: Pick<DatabasePlace, 'listCollections' | 'readRaw'> | null
  databases: string[]
}

/** Refuses where anything stands that a restore would take the place of. Throws Problem `target-not-empty`, which names it. */
export async function requireEmpty({ grounds, mountPoints, server, databases }: Target): Promise<void> {
  const found: string[] = []
  for (const ground of grounds) {
    for (const root of ground.whole) {
      const names = await standingIn(root, ground.excluded, mountPoints)
      if (names.length > 0) found.push(`${displayName(root)} (${namesInWords(names)})`)
    }
    for (const path of ground.chosen) if (await isThere(path)) found.push(displayName(path))
  }
  for (const database of server ? databases : []) {
    const names = server ? await filledIn(server, database) : []
    if (names.length > 0) found.push(`the database ${database} (${namesInWords(names)})`)
  }
  if (found.length === 0) return
  throw new Problem({
    code: 'target-not-empty',
    text: `Data stands already where this restore would put its own: ${namesInWords(found)}. Nothing was changed.`.slice(
      0,
      2000,
    ),
    action: 'Remove it where nobody needs it, or ask for a restore that may also go onto a host that holds data.',
  })
}

/** Collections of a database that hold a document. */
async function filledIn(server: NonNullable<Target['server']>, database: string): Promise<string[]> {
  const filled: string[] = []
  for (const { name, type } of (await listNamespaces(server, database)).values())
    if (type !== 'view' && !isBeside(name) && (await holdsDocument(server, database, name))) filled.push(name)
  return filled
}

async function holdsDocument(
  server: Pick<DatabasePlace, 'readRaw'>,
  database: string,
  collection: string,
): Promise<boolean> {
  for await (const batch of server.readRaw(database, collection)) if (batch.length > 0) return true
  return false
}

function namesInWords(names: string[]): string {
  const shown = names.slice(0, mostNamed).join(', ')
  return names.length > mostNamed ? `${shown} and ${names.length - mostNamed} more` : shown
}
