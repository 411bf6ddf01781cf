import { Readable } from 'node:stream'
import type { ContentStore, Stored } from './content-store'
import type { Realm } from './realm'

/** A file or folder at a fake provider, as plain data. Times are RFC 3339. */
export type Item = {
  id: string
  /** null: the root */
  parentId: string | null
  name: string
  /** null: a folder */
  content: Stored | null
  createdAt: string
  modifiedAt: string
  /** of the content, as its sender tells it */
  contentModifiedAt: string
  isTrashed: boolean
  revision: number
}

export const rootId = '0'

/** The files and folders of one provider: one tree for all its accounts. */
export class Tree {
  constructor(
    private readonly realm: Realm,
    private readonly store: ContentStore,
    private readonly isCaseSensitive: boolean,
  ) {
    realm.items[rootId] ??= this.newItem({ id: rootId, parentId: null, name: 'All Files', content: null })
  }

  /** What lies in the trash, by itself or with a folder above it, is not found. */
  find(id: string): Item | null {
    const item = this.realm.items[id]
    if (!item || item.isTrashed) return null
    return item.parentId === null || this.find(item.parentId) ? item : null
  }

  findTrashed(id: string): Item | null {
    const item = this.realm.items[id]
    return item?.isTrashed ? item : null
  }

  children(parentId: string): Item[] {
    return Object.values(this.realm.items).filter((item) => item.parentId === parentId && !item.isTrashed)
  }

  child(parentId: string, name: string): Item | null {
    return this.children(parentId).find((item) => this.sameName(item.name, name)) ?? null
  }

  trashed(): Item[] {
    return Object.values(this.realm.items).filter((item) => item.isTrashed)
  }

  add(facts: Pick<Item, 'parentId' | 'name' | 'content'> & { contentModifiedAt?: string | undefined }): Item {
    const item = this.newItem({ id: String(++this.realm.lastItemId), ...facts })
    this.realm.items[item.id] = item
    return item
  }

  replaceContent(item: Item, content: Stored, contentModifiedAt?: string): void {
    if (item.content) this.store.remove(item.content.file)
    Object.assign(item, { content, revision: item.revision + 1, modifiedAt: new Date().toISOString() })
    if (contentModifiedAt) item.contentModifiedAt = contentModifiedAt
  }

  trash(item: Item): void {
    item.isTrashed = true
  }

  /** For good, with all that lies below. */
  remove(item: Item): void {
    for (const child of Object.values(this.realm.items).filter((candidate) => candidate.parentId === item.id))
      this.remove(child)
    if (item.content) this.store.remove(item.content.file)
    delete this.realm.items[item.id]
  }

  async copy(item: Item, parentId: string, name: string): Promise<Item> {
    const content = item.content && (await this.store.join([item.content.file]))
    const copied = this.add({ parentId, name, content, contentModifiedAt: item.contentModifiedAt })
    for (const child of this.children(item.id)) await this.copy(child, copied.id, child.name)
    return copied
  }

  /** What lies in the trash counts too. */
  usedBytes(): number {
    return Object.values(this.realm.items).reduce((sum, item) => sum + (item.content?.bytes ?? 0), 0)
  }

  pathOf(item: Item): string {
    const parent = item.parentId === null ? null : this.realm.items[item.parentId]
    if (!parent) return ''
    const above = this.pathOf(parent)
    return above === '' ? item.name : `${above}/${item.name}`
  }

  /** Throws where a part of the path is not there. */
  findByPath(path: string): Item {
    return path.split('/').reduce((item, name) => {
      const found = this.child(item.id, name)
      if (!found) throw new Error(`there is no ${path}`)
      return found
    }, this.realm.items[rootId] as Item)
  }

  async fill(path: string, names: string[]): Promise<void> {
    const parentId = this.findByPath(path).id
    for (const name of names) {
      const content = await this.store.receive(Readable.from([Buffer.from(name)]))
      this.add({ parentId, name, content })
    }
  }

  listFiles(): { path: string; bytes: number }[] {
    return Object.values(this.realm.items)
      .filter((item) => item.content !== null && this.find(item.id))
      .map((item) => ({ path: this.pathOf(item), bytes: item.content?.bytes ?? 0 }))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  private sameName(a: string, b: string): boolean {
    return this.isCaseSensitive ? a === b : a.toLowerCase() === b.toLowerCase()
  }

  private newItem(
    facts: Pick<Item, 'id' | 'parentId' | 'name' | 'content'> & { contentModifiedAt?: string | undefined },
  ): Item {
    const now = new Date().toISOString()
    const { contentModifiedAt = now, ...rest } = facts
    return { ...rest, contentModifiedAt, createdAt: now, modifiedAt: now, isTrashed: false, revision: 0 }
  }
}
