import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'

/**
 * The entries of one backup in a SQLite file: `entry` is the tree, `folder` counts what lies below each folder, and `word` finds
 * any three characters in a row of a name. Names are indexed between slashes, which no name holds, so that a slash in what is
 * looked for stands for a name's beginning or end.
 */
const layout = 1
const schema = `
  CREATE TABLE entry (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, folder INTEGER NOT NULL, name BLOB NOT NULL,
    type INTEGER, size INTEGER, mtime INTEGER, mode INTEGER, uid INTEGER, gid INTEGER, link BLOB, hash BLOB, place INTEGER);
  CREATE UNIQUE INDEX entry_place ON entry (parent, folder DESC, name);
  CREATE TABLE folder (id INTEGER PRIMARY KEY, children INTEGER NOT NULL, entries INTEGER NOT NULL, bytes INTEGER NOT NULL,
    first INTEGER, last INTEGER);
  CREATE VIRTUAL TABLE word USING fts5 (name, content = '', columnsize = 0, tokenize = 'trigram')`

const pageBytes = 4096

export type EntryFacts = {
  type: (typeof entryTypes)[number]
  size: number
  /** whole seconds since 1970 */
  mtime: number
  mode: number
  uid: number
  gid: number
  /** raw bytes of what a symlink or hard link leads to */
  link: Buffer | null
  /** 32 hexadecimal digits */
  xxh128: string | null
  /** where it stands in the archive; of a hard link its first name's */
  place: number
}
const entryTypes = ['file', 'directory', 'symlink', 'hardlink', 'fifo', 'character-device', 'block-device'] as const

export type StoredEntry = {
  id: number
  /** 0: it stands at the top */
  parent: number
  /** raw bytes */
  name: Buffer
  isFolder: boolean
  /** null: a folder that only leads to others */
  facts: EntryFacts | null
}

/** Of all that lies below a folder, at any depth. */
export type FolderTotals = {
  /** those directly in it */
  children: number
  entries: number
  bytes: number
  /** the first and last places of members that are no hard links, the folder's own included; null: there are none */
  first: number | null
  last: number | null
}

/** The file has reached its bound. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull'
}

type OpenFolder = { id: number; name: Buffer; totals: FolderTotals }

/** Writes the file of one backup. In the order of the archive it is fastest, but any order will do. */
export class EntryWriter {
  readonly #file: string
  readonly #labelOf: (name: Buffer) => string
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareWriting>
  /** from the top to where the last entry was added, each with what its row does not count yet */
  readonly #open: OpenFolder[] = []

  constructor(file: string, options: { mostBytes: number; labelOf: (name: Buffer) => string }) {
    this.#file = file
    this.#labelOf = options.labelOf
    rmSync(file, { force: true })
    this.#database = new Database(file)
    // what a crash leaves behind is never read, so nothing is written twice for its sake
    for (const setting of [
      'journal_mode = OFF',
      'synchronous = OFF',
      'locking_mode = EXCLUSIVE',
      'cache_size = -32768',
    ])
      this.#database.pragma(setting)
    this.#database.pragma(`page_size = ${pageBytes}`)
    this.#database.pragma(`max_page_count = ${Math.max(32, Math.floor(options.mostBytes / pageBytes))}`)
    this.#database.exec(schema)
    this.#database.exec('BEGIN')
    this.#statements = prepareWriting(this.#database)
  }

  /** Adds an entry by the names that lead to it. One that is there already stays as it is. Throws StoreFull. */
  add(path: Buffer[], facts: EntryFacts): void {
    this.#bounded(() => {
      const name = path.at(-1)
      if (!name) throw new Error('an entry needs a name')
      this.#enter(path, path.length - 1)
      const parent = this.#open.at(-1)
      if (facts.type === 'directory') this.#addFolder(parent, name, facts)
      else if (this.#insert(parent, name, false, facts) === null) return
      const totals = this.#open.at(-1)?.totals
      const own = facts.type === 'directory' ? parent?.totals : totals
      if (own) count(own, { children: 0, entries: 1, bytes: facts.size, first: null, last: null })
      if (totals && facts.type !== 'hardlink')
        count(totals, { children: 0, entries: 0, bytes: 0, first: facts.place, last: facts.place })
    })
  }

  /** Completes the file, with a word about what it was made of. */
  finish(made: string): void {
    this.#bounded(() => {
      while (this.#open.length > 0) this.#leave()
      this.#database.exec('COMMIT')
      this.#database.exec('CREATE TABLE made (of TEXT NOT NULL)')
      this.#database.prepare('INSERT INTO made VALUES (?)').run(made)
      this.#database.pragma(`user_version = ${layout}`)
    })
    this.#database.close()
  }

  /** Removes what was written. */
  discard(): void {
    this.#database.close()
    rmSync(this.#file, { force: true })
  }

  /** Makes the first `depth` names of a path the open folders. */
  #enter(path: Buffer[], depth: number): void {
    let shared = 0
    while (
      shared < depth &&
      this.#open[shared] &&
      path[shared] &&
      this.#open[shared]?.name.equals(path[shared] as Buffer)
    )
      shared++
    while (this.#open.length > shared) this.#leave()
    for (const name of path.slice(shared, depth)) this.#addFolder(this.#open.at(-1), name, null)
  }

  /** Opens a folder, which may be there already. */
  #addFolder(parent: OpenFolder | undefined, name: Buffer, facts: EntryFacts | null): void {
    const { findFolder, fill } = this.#statements
    const found = findFolder.get(parent?.id ?? 0, name) as number | undefined
    const id = found ?? this.#insert(parent, name, true, facts)
    if (id === null) throw new Error('a folder is neither there nor can it be added')
    if (found !== undefined && facts) fill.run(...columnsOf(facts), id)
    this.#open.push({ id, name, totals: noTotals() })
  }

  /** null: there is one of that name already */
  #insert(parent: OpenFolder | undefined, name: Buffer, isFolder: boolean, facts: EntryFacts | null): number | null {
    const { insert, addWord } = this.#statements
    const columns = facts ? columnsOf(facts) : noColumns
    const { changes, lastInsertRowid } = insert.run(parent?.id ?? 0, isFolder ? 1 : 0, name, ...columns)
    if (changes === 0) return null
    addWord.run(lastInsertRowid, `/${this.#labelOf(name)}/`)
    if (parent) parent.totals.children++
    return Number(lastInsertRowid)
  }

  /** Closes the innermost folder: what was counted in it counts in the one around it too. */
  #leave(): void {
    const folder = this.#open.pop()
    if (!folder) return
    const { children, entries, bytes, first, last } = folder.totals
    this.#statements.addTotals.run(folder.id, children, entries, bytes, first, last)
    const outer = this.#open.at(-1)
    if (outer) count(outer.totals, { ...folder.totals, children: 0 })
  }

  #bounded(work: () => void): void {
    try {
      work()
    } catch (error) {
      throw codeOf(error) === 'SQLITE_FULL' ? new StoreFull() : error
    }
  }
}

/** Reads a complete file. All calls are quick, however many entries it holds. */
export class EntryReader {
  readonly #database: Database.Database
  readonly #statements: ReturnType<typeof prepareReading>

  private constructor(database: Database.Database) {
    this.#database = database
    this.#statements = prepareReading(database)
  }

  /** null: there is no such file, or it is damaged, of another layout, or made of something else */
  static open(file: string, made: string): EntryReader | null {
    let database: Database.Database | undefined
    try {
      database = new Database(file, { readonly: true, fileMustExist: true })
      database.pragma('mmap_size = 268435456')
      const isRight =
        database.pragma('user_version', { simple: true }) === layout &&
        database.prepare('SELECT of FROM made').pluck().get() === made
      if (isRight) return new EntryReader(database)
    } catch (error) {
      if (!/^SQLITE_(CANTOPEN|NOTADB|CORRUPT|ERROR|IOERR)/.test(codeOf(error))) throw error
    }
    database?.close()
    return null
  }

  close(): void {
    this.#database.close()
  }

  entry(id: number): StoredEntry | null {
    const row = this.#statements.entry.get(id) as Row | undefined
    return row ? toEntry(row) : null
  }

  /** Folders first, each kind in the order of the names' bytes. `parent` 0: the top. */
  children(parent: number, offset: number, limit: number): StoredEntry[] {
    return (this.#statements.children.all(parent, limit, offset) as Row[]).map(toEntry)
  }

  totals(folderId: number): FolderTotals {
    return (this.#statements.totals.get(folderId) as FolderTotals | undefined) ?? noTotals()
  }

  /** The entry that these names lead to: the folder, where a file has the same name. */
  at(path: Buffer[]): StoredEntry | null {
    let found: StoredEntry | null = null
    for (const name of path) {
      const row = this.#statements.child.get(found?.id ?? 0, name) as Row | undefined
      if (!row) return null
      found = toEntry(row)
    }
    return found
  }

  /** The entry and all folders around it, outermost first. */
  pathTo(id: number): StoredEntry[] {
    const path: StoredEntry[] = []
    for (let next = this.entry(id); next; next = this.entry(next.parent)) path.unshift(next)
    return path
  }

  /**
   * Ids above `after` of entries whose names hold `text`, in whatever case, in ascending order. Of one or two characters: whose
   * names are that, or begin or end with it.
   */
  *find(text: string, after: number): Generator<number> {
    yield* this.#statements.find.iterate(expressionOf(text), after) as IterableIterator<number>
  }

  /** How many names hold `text`, but not beyond `most`. */
  count(text: string, most: number): number {
    return this.#statements.count.get(expressionOf(text), most) as number
  }
}

/** What the full-text index is asked for; it knows nothing shorter than three characters. */
function expressionOf(text: string): string {
  const phrase = (characters: string) => `"${characters.replaceAll('"', '""')}"`
  const { length } = [...text]
  if (length >= 3) return phrase(text)
  return length === 2 && !text.includes('/') ? `${phrase(`/${text}`)} OR ${phrase(`${text}/`)}` : phrase(`/${text}/`)
}

function prepareWriting(database: Database.Database) {
  return {
    insert: database.prepare('INSERT OR IGNORE INTO entry VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    fill: database.prepare(
      'UPDATE entry SET type = ?, size = ?, mtime = ?, mode = ?, uid = ?, gid = ?, link = ?, hash = ?, place = ? WHERE id = ?',
    ),
    findFolder: database.prepare('SELECT id FROM entry WHERE parent = ? AND folder = 1 AND name = ?').pluck(),
    addWord: database.prepare('INSERT INTO word (rowid, name) VALUES (?, ?)'),
    addTotals: database.prepare(
      `INSERT INTO folder VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
        children = children + excluded.children, entries = entries + excluded.entries, bytes = bytes + excluded.bytes,
        first = min(coalesce(first, excluded.first), coalesce(excluded.first, first)),
        last = max(coalesce(last, excluded.last), coalesce(excluded.last, last))`,
    ),
  }
}

function prepareReading(database: Database.Database) {
  return {
    entry: database.prepare('SELECT * FROM entry WHERE id = ?'),
    children: database.prepare('SELECT * FROM entry WHERE parent = ? ORDER BY folder DESC, name LIMIT ? OFFSET ?'),
    child: database.prepare(
      'SELECT * FROM entry WHERE parent = ? AND name = ? AND folder IN (0, 1) ORDER BY folder DESC',
    ),
    totals: database.prepare('SELECT children, entries, bytes, first, last FROM folder WHERE id = ?'),
    find: database.prepare('SELECT rowid FROM word WHERE word MATCH ? AND rowid > ? ORDER BY rowid').pluck(),
    count: database.prepare('SELECT count(*) FROM (SELECT 1 FROM word WHERE word MATCH ? LIMIT ?)').pluck(),
  }
}

type Row = {
  id: number
  parent: number
  folder: number
  name: Buffer
  type: number | null
  size: number
  mtime: number
  mode: number
  uid: number
  gid: number
  link: Buffer | null
  hash: Buffer | null
  place: number
}

const noColumns = Array.from({ length: 9 }, () => null)

function columnsOf({ type, size, mtime, mode, uid, gid, link, xxh128, place }: EntryFacts): unknown[] {
  const hash = xxh128 === null ? null : Buffer.from(xxh128, 'hex')
  return [entryTypes.indexOf(type), size, mtime, mode, uid, gid, link, hash, place]
}

function toEntry({ id, parent, folder, name, type, hash, ...facts }: Row): StoredEntry {
  const known = type === null ? undefined : entryTypes[type]
  return {
    ...{ id, parent, name, isFolder: folder === 1 },
    facts: known ? { type: known, ...facts, xxh128: hash?.toString('hex') ?? null } : null,
  }
}

function noTotals(): FolderTotals {
  return { children: 0, entries: 0, bytes: 0, first: null, last: null }
}

function count(totals: FolderTotals, more: FolderTotals): void {
  totals.children += more.children
  totals.entries += more.entries
  totals.bytes += more.bytes
  if (more.first !== null) totals.first = Math.min(totals.first ?? more.first, more.first)
  if (more.last !== null) totals.last = Math.max(totals.last ?? more.last, more.last)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
