import type { ManifestPart } from '@/engine/parts/part-shipper'
import { checksumsName, manifestName, signatureName } from '@/engine/remote/backup-folder'
import { longestManifestBytes } from '@/engine/remote/read-manifest'
import type { RemoteStore } from '@/engine/remote/remote-store'
import { sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'

type Expected = { parts: ManifestPart[]; manifestSha256: string }

/**
 * Makes the backup's folder on the remote that it is copied to, after `report` said so, and clears it of halves that an interrupted
 * rclone left. Returns the names of the parts that seem to lie there already. Throws Problem `folder-taken` where it holds what is
 * not of this backup: then nothing was touched.
 */
export async function prepareFolder(
  store: RemoteStore,
  folder: string,
  { parts, manifestSha256 }: Expected,
  report: () => void,
): Promise<Set<string>> {
  const found = (await store.list(folder)) ?? []
  const sizes = new Map(parts.map(({ name, bytes }) => [name, bytes]))
  const known = new Set([...sizes.keys(), checksumsName, signatureName, manifestName])
  const halves = found.filter(({ name, isFolder }) => !isFolder && isHalf(name, known))
  const stranger = found.find((entry) => entry.isFolder || (!known.has(entry.name) && !halves.includes(entry)))
  if (stranger) throw taken(`${folder}/${stranger.name}`)
  if (found.some(({ name }) => name === manifestName)) await requireSameManifest(store, folder, manifestSha256)
  report()
  await store.makeFolder(folder)
  for (const { name } of halves) await store.deleteFile(`${folder}/${name}`)
  const isWhole = ({ name, bytes }: { name: string; bytes: number }) => bytes === sizes.get(name) || bytes === -1
  return new Set(found.filter((entry) => sizes.has(entry.name) && isWhole(entry)).map(({ name }) => name))
}

/** How newer versions of rclone call a file until all of it has come: `<name>.<letters>.partial`. */
function isHalf(name: string, known: Set<string>): boolean {
  const match = /^(.+)\.[A-Za-z0-9]{1,32}\.partial$/.exec(name)
  return match !== null && known.has(match[1] ?? '')
}

/** A half-written manifest of an interrupted try is no manifest, and is written anew. */
async function requireSameManifest(store: RemoteStore, folder: string, sha256: string): Promise<void> {
  const bytes = await store.read(`${folder}/${manifestName}`, longestManifestBytes)
  if (bytes && sha256Hex(bytes) !== sha256 && isJson(bytes)) throw taken(`${folder}/${manifestName}`)
}

function isJson(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'))
    return true
  } catch {
    return false
  }
}

function taken(where: string): Problem {
  return new Problem({
    code: 'folder-taken',
    text: 'The folder that this backup is to be copied into holds something that is not of this backup.',
    action: 'Nothing there was touched. Find out who else writes into this instance’s folder on that remote.',
    where,
  })
}
