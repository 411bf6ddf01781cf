import { z } from 'zod'
import type { Exchange } from '@/e2e/fake-providers/exchange'
import type { Item, Tree } from '@/e2e/fake-providers/tree'
import { rootId } from '@/e2e/fake-providers/tree'

/** A file or folder in Box's words; `sequence_id` is a string, as the real one. */
export function toBoxItem(item: Item, tree: Tree): object {
  const parent = item.parentId === null ? null : tree.find(item.parentId)
  return {
    type: item.content ? 'file' : 'folder',
    id: item.id,
    sequence_id: String(item.revision),
    etag: String(item.revision),
    ...(item.content ? { sha1: item.content.sha1, size: item.content.bytes } : {}),
    name: item.name,
    created_at: item.createdAt,
    modified_at: item.modifiedAt,
    content_created_at: item.contentModifiedAt,
    content_modified_at: item.contentModifiedAt,
    item_status: item.isTrashed ? 'trashed' : 'active',
    shared_link: null,
    parent: parent && { type: 'folder', id: parent.id, name: parent.name },
  }
}

/** What the upload calls answer: a list of one. */
export function sendUploaded(exchange: Exchange, item: Item, tree: Tree): void {
  exchange.send(201, { total_count: 1, entries: [toBoxItem(item, tree)] })
}

const folderReference = z.object({ id: z.string().default(rootId) })

/** The attributes of requests that make, move or upload something. Unknown ones are left out. */
export const attributesSchema = z.object({
  name: z.string().optional(),
  parent: folderReference.optional(),
  size: z.number().optional(),
  content_modified_at: z.string().optional(),
})
