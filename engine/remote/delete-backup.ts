import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256Hex } from '@/lib/crypto'
import { Problem } from '@/protocol/problem'
import type { PruneSpec } from '@/protocol/specs'
import { manifestName } from './backup-folder'
import { longestManifestBytes, parseManifest } from './read-manifest'
import type { RemoteStore } from './remote-store'

type Item = PruneSpec['items'][number]

/** What was to be removed as the rest of a failed run has a manifest: it is a backup, and stays. */
export class ManifestFound extends Problem {
  readonly manifestSha256: string
  constructor(path: string, manifest: Uint8Array) {
    super({
      code: 'has-manifest',
      text: 'This folder was to be deleted as the rest of a failed run, but it holds a manifest: it is a backup.',
      action: 'Nothing was deleted. Look at the backup; delete it as one if it is not wanted.',
      where: path,
    })
    this.manifestSha256 = sha256Hex(manifest)
  }
}

/**
 * Deletes one backup, or what a failed one left: the manifest first, so that nothing half-deleted is ever taken for a backup.
 * A folder that is gone already counts as done, and one that is half gone is done with. Throws a Problem when the folder is not
 * what the item says, or lies behind a link. `onManifestGone` is told when what follows can only half succeed.
 */
export async function deleteBackup(
  store: RemoteStore,
  instance: { id: string; slug: string },
  item: Item,
  onManifestGone: () => void = () => {},
): Promise<void> {
  const path = `${instance.slug}/${item.folder}`
  await refuseLinks(store, path)
  const manifest = await store.read(`${path}/${manifestName}`, longestManifestBytes)
  if (manifest) {
    refuseOtherBackup(manifest, instance, item, path)
    await store.deleteFile(`${path}/${manifestName}`)
    onManifestGone()
  }
  await store.deleteFolder(path)
  await deleteDayIfEmpty(store, dirname(path))
}

function refuseOtherBackup(manifest: Buffer, instance: { id: string }, item: Item, path: string): void {
  if (item.reason === 'leftover') throw new ManifestFound(path, manifest)
  const { backupId, instance: owner } = parseManifest(manifest, path)
  if (backupId !== item.backupId || owner.id !== instance.id)
    throw new Problem({
      code: 'other-backup',
      text: 'The manifest in this folder speaks of another backup than the one that was to be deleted.',
      action: 'Nothing was deleted. Find out who else writes into this instance’s folder.',
      where: path,
    })
}

/** Where the remote is a folder of this host, what a link leads to lies elsewhere, and is not ours to delete. */
async function refuseLinks(store: RemoteStore, path: string): Promise<void> {
  const [base, folder] = [store.localFile(''), store.localFile(path)]
  if (base === null || folder === null) return
  const real = await realpath(folder).catch(nullWhereMissing)
  if (real === null || real === join(await realpath(base), path)) return
  throw new Problem({
    code: 'folder-is-a-link',
    text: 'A link leads from this folder of the remote to somewhere else.',
    action: 'Nothing was deleted. Find out who put the link there, and take it away.',
    where: path,
  })
}

function nullWhereMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}

async function deleteDayIfEmpty(store: RemoteStore, day: string): Promise<void> {
  const left = await store.list(day)
  if (left?.length === 0) await store.deleteEmptyFolder(day)
}
