import { olderFilesAmong } from '@/engine/inspection/older-scripts'
import { slugSchema } from '@/protocol/names'
import { backupReferenceSchema } from '@/protocol/specs'
import { manifestName } from './backup-folder'
import type { RemoteStore } from './remote-store'

/** `unfinished`: a folder like a backup's without a manifest. `older`: a file of the scripts before Talekeeper. */
type FoundBackup = { path: string; kind: 'backup' | 'unfinished' | 'older' }

/** Everything below the base folder that is named like a backup, oldest first, by names alone: nobody vouches for what is in it. */
export async function findBackups(store: RemoteStore): Promise<FoundBackup[]> {
  const found: FoundBackup[] = []
  for (const instance of await foldersIn(store, '')) {
    if (!slugSchema.safeParse(instance).success) continue
    for (const day of await foldersIn(store, instance)) {
      if (!/^\d{8}$/.test(day)) continue
      const entries = (await store.list(`${instance}/${day}`)) ?? []
      const older = olderFilesAmong(
        entries.flatMap((entry) => (entry.isFolder ? [] : [{ ...entry, path: entry.name }])),
      )
      for (const { name } of older) found.push({ path: `${instance}/${day}/${name}`, kind: 'older' })
      for (const name of namesOfFolders(entries)) {
        if (!backupReferenceSchema.shape.folder.safeParse(`${day}/${name}`).success) continue
        const path = `${instance}/${day}/${name}`
        const files = (await store.list(path)) ?? []
        found.push({ path, kind: files.some((file) => file.name === manifestName) ? 'backup' : 'unfinished' })
      }
    }
  }
  return found
}

async function foldersIn(store: RemoteStore, path: string): Promise<string[]> {
  return namesOfFolders((await store.list(path)) ?? [])
}

function namesOfFolders(entries: { name: string; isFolder: boolean }[]): string[] {
  return entries.flatMap(({ name, isFolder }) => (isFolder ? [name] : [])).sort()
}
