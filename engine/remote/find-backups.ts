import { slugSchema } from '@/protocol/names'
import { backupReferenceSchema } from '@/protocol/specs'
import { manifestName } from './backup-folder'
import type { RemoteStore } from './remote-store'

/** A folder that looks like a backup's; without a manifest it was never finished, or is being made. */
type FoundBackup = { path: string; isComplete: boolean }

/** Everything below the base folder that is named like a backup, oldest first, by names alone: nobody vouches for what is in it. */
export async function findBackups(store: RemoteStore): Promise<FoundBackup[]> {
  const found: FoundBackup[] = []
  for (const instance of await foldersIn(store, '')) {
    if (!slugSchema.safeParse(instance).success) continue
    for (const day of await foldersIn(store, instance)) {
      if (!/^\d{8}$/.test(day)) continue
      for (const name of await foldersIn(store, `${instance}/${day}`)) {
        if (!backupReferenceSchema.shape.folder.safeParse(`${day}/${name}`).success) continue
        const path = `${instance}/${day}/${name}`
        const files = (await store.list(path)) ?? []
        found.push({ path, isComplete: files.some((file) => file.name === manifestName) })
      }
    }
  }
  return found
}

async function foldersIn(store: RemoteStore, path: string): Promise<string[]> {
  const entries = (await store.list(path)) ?? []
  return entries.flatMap(({ name, isFolder }) => (isFolder ? [name] : [])).sort()
}
