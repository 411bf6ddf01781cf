import type { Account } from '@/e2e/fake-providers/realm'
import type { Item, Tree } from '@/e2e/fake-providers/tree'
import { BoxRefusal, notFound } from './errors'

/** Folder, name, room and largest file: what Box checks before it takes a file or makes a folder. */
export function folderOf(tree: Tree, id: string | undefined): Item {
  const folder = tree.find(id ?? '0')
  if (!folder || folder.content) throw notFound()
  return folder
}

export function requireName(name: string | undefined): string {
  if (!name || /[/\\\p{Cc}]/u.test(name) || name !== name.trim() || name === '.' || name === '..')
    throw new BoxRefusal(400, 'item_name_invalid', 'Item name invalid')
  if (name.length > 255) throw new BoxRefusal(400, 'item_name_too_long', 'Item name too long')
  return name
}

/** Names are taken whatever their case. */
export function requireFree(tree: Tree, parentId: string, name: string, except?: Item): void {
  const taken = tree.child(parentId, name)
  if (!taken || taken.id === except?.id) return
  const { id, revision, content } = taken
  const conflict = {
    ...{ type: content ? 'file' : 'folder', id, sequence_id: String(revision), etag: String(revision) },
    ...{ name: taken.name, ...(content ? { sha1: content.sha1 } : {}) },
  }
  // a list for folders, an object for files, as the real one
  const conflicts = content ? conflict : [conflict]
  throw new BoxRefusal(409, 'item_name_in_use', 'Item with the same name already exists', { conflicts })
}

export function requireRoom(tree: Tree, account: Account, bytes: number): void {
  if (bytes > account.largestFile)
    throw new BoxRefusal(413, 'file_size_limit_exceeded', 'File size exceeds the folder owner’s file size limit')
  if (tree.usedBytes() + account.usedElsewhere + bytes > account.quota)
    throw new BoxRefusal(403, 'storage_limit_exceeded', 'Account storage limit reached')
}
