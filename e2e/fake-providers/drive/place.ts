import type { ContentStore } from '@/e2e/fake-providers/content-store'
import type { Exchange, Route } from '@/e2e/fake-providers/exchange'
import type { Account } from '@/e2e/fake-providers/realm'
import type { Item, Tree } from '@/e2e/fake-providers/tree'
import { rootId } from '@/e2e/fake-providers/tree'

/** What Drive's routes share. */
export type DrivePlace = { tree: Tree; store: ContentStore }

/** A route for an account whose token was good. */
export type DriveRoute = Omit<Route, 'handle'> & {
  handle: (exchange: Exchange, account: Account) => Promise<void> | void
}

/** Why Drive does not do what was asked (developers.google.com/drive/api/guides/handle-errors). */
export class DriveRefusal extends Error {
  override readonly name = 'DriveRefusal'
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message)
  }
}

export function sendDriveError(exchange: Exchange, { status, reason, message }: DriveRefusal): void {
  exchange.send(status, { error: { code: status, message, errors: [{ domain: 'global', reason, message }] } })
}

export const folderType = 'application/vnd.google-apps.folder'

/** Drive calls the first folder `root` too. */
export function itemOf(tree: Tree, id: string): Item {
  const item = tree.find(id === 'root' ? rootId : id)
  if (!item) throw new DriveRefusal(404, 'notFound', `File not found: ${id}.`)
  return item
}

export function toDriveFile(item: Item): object {
  return {
    kind: 'drive#file',
    id: item.id,
    name: item.name,
    mimeType: item.content ? 'application/octet-stream' : folderType,
    ...(item.content ? { size: String(item.content.bytes), md5Checksum: item.content.md5 } : {}),
    parents: item.parentId === null ? [] : [item.parentId],
    trashed: item.isTrashed,
    explicitlyTrashed: item.isTrashed,
    createdTime: item.createdAt,
    modifiedTime: item.contentModifiedAt,
  }
}

export function requireRoom(tree: Tree, account: Account, bytes: number): void {
  if (tree.usedBytes() + account.usedElsewhere + bytes > account.quota)
    throw new DriveRefusal(403, 'storageQuotaExceeded', 'The user’s Drive storage quota has been exceeded.')
}
