import { sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'
import type { RemoteStore } from './remote-store'

/** Writes a text and reads it back: what is named last must not be half there. Throws Problem `remote-changed`. */
export async function writeChecked(store: RemoteStore, folder: string, name: string, text: string): Promise<void> {
  const path = `${folder}/${name}`
  await store.writeText(path, text)
  const { sha256 } = await store.readBack(path)
  if (sha256 !== sha256Hex(text)) throw changed(path)
}

/**
 * Throws Problem `remote-changed` unless the folder holds exactly these files in these sizes; those `besides` may be there too.
 */
export async function requireFiles(
  store: RemoteStore,
  folder: string,
  files: { name: string; bytes: number }[],
  besides: readonly string[] = [],
): Promise<void> {
  const found = new Map((await store.list(folder))?.map((entry) => [entry.name, entry.bytes]))
  for (const { name, bytes } of files) {
    const there = found.get(name)
    // -1: the backend tells no sizes in a list; each part was checked when it was uploaded
    if (there === undefined || (there !== bytes && there !== -1)) throw changed(`${folder}/${name}`)
    found.delete(name)
  }
  const stranger = [...found.keys()].find((name) => !besides.includes(name))
  if (stranger !== undefined) throw changed(`${folder}/${stranger}`)
}

function changed(path: string): Problem {
  return new Problem({
    code: 'remote-changed',
    text: `${path.slice(path.lastIndexOf('/') + 1)} is not on the remote as it was written: somebody else changes this folder, or the remote loses data.`,
    action: 'Look at what else writes to the remote, then start this again.',
    where: path,
  })
}
