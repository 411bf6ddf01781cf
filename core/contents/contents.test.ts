import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EntryReader, EntryWriter, StoreFull } from '@/lib/entry-store'
import { displayName } from '@/protocol/display-name'
import type { IndexEntry } from '@/protocol/index-entry'
import { openTestDatabase } from '@/scripts/test-database'
import { fillIndex } from './fill-index'
import { contentOf, listFolder, searchContents } from './list-contents'
import { makeRoom, storedIndex, storeIndex } from './stored-indexes'

const artifact = 'files.tar.zst'
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-contents-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Given = { path: string | Buffer; type?: IndexEntry['type']; size?: number; link?: string }

/** In the order given, each a kibibyte further in the archive. */
function toEntries(given: Given[]): IndexEntry[] {
  return given.map(({ path, type = 'file', size = 0, link }, number) => ({
    ...(typeof path === 'string' ? { path } : { pathBase64: path.toString('base64') }),
    ...{ type, size, mtime: '1700000000.5', mode: 0o644, uid: 1000, gid: 100, part: 0, offset: number * 1024 },
    ...(link === undefined ? {} : { link }),
    ...(type === 'file' ? { xxh128: number.toString(16).padStart(32, '0') } : {}),
  }))
}

let count = 0
async function indexOf(given: Given[]): Promise<EntryReader> {
  const file = join(folder, `${count++}.sqlite`)
  const writer = new EntryWriter(file, { mostBytes: 2 ** 30, labelOf: displayName })
  await fillIndex(writer, artifact, stream(toEntries(given)), () => {})
  writer.finish('made')
  const reader = EntryReader.open(file, 'made')
  if (!reader) throw new Error('not stored')
  return reader
}

async function* stream<T>(values: T[]): AsyncGenerator<T> {
  yield* values
}

const labels = (entries: { label: string }[]) => entries.map(({ label }) => label)
const found = (reader: EntryReader, text: string) => labels(searchContents(reader, text, 0).entries)

describe('a folder', () => {
  test('lists folders first, counts what lies below, and passes through those that hold nothing else', async () => {
    const reader = await indexOf([
      { path: 'mnt/homes', type: 'directory' },
      { path: 'mnt/homes/ada', type: 'directory' },
      { path: 'mnt/homes/ada/notes', type: 'directory' },
      { path: 'mnt/homes/ada/notes/one', size: 100 },
      { path: 'mnt/homes/ada/paper', size: 20 },
      { path: 'mnt/homes/zoe', type: 'symlink', link: 'ada' },
      { path: 'mnt/homes/bob', type: 'directory' },
    ])
    const top = listFolder(reader, 0, 1)
    expect(labels(top?.crumbs ?? [])).toEqual([artifact, 'mnt', 'homes'])
    expect(top?.entries.map(({ label, bytes, entries, kind }) => [label, kind, bytes, entries])).toEqual([
      ['ada', 'folder', 120, 3],
      ['bob', 'folder', 0, 0],
      ['zoe', 'symlink', 0, null],
    ])
    expect(top?.entries[2]?.link).toEqual({ label: 'ada', id: null })
  })

  test('is paged, and a page beyond the last gives the last', async () => {
    const reader = await indexOf(Array.from({ length: 250 }, (_, number) => ({ path: `a/f${1000 + number}` })))
    const id = listFolder(reader, 0, 1)?.id ?? 0
    expect(listFolder(reader, id, 2)?.entries[0]?.label).toBe('f1100')
    expect(listFolder(reader, id, 99)).toMatchObject({ page: 3, pages: 3, total: 250 })
    expect(listFolder(reader, 12_345, 1)).toBeNull()
  })

  test('a hard link has the size of its first name, and leads to it; one whose first name is not there does not', async () => {
    const reader = await indexOf([
      { path: 'a/first', size: 77 },
      { path: 'a/second', type: 'hardlink', link: 'a/first' },
      { path: 'a/third', type: 'hardlink', link: '../../etc/passwd' },
    ])
    const [first, second, third] = listFolder(reader, 0, 1)?.entries ?? []
    expect(second).toMatchObject({ bytes: 77, link: { id: first?.id } })
    expect(third).toMatchObject({ bytes: 0, link: { id: null } })
  })
})

describe('a search', () => {
  test('finds any part of a name in whatever case and script, and short ones at the ends of names', async () => {
    const reader = await indexOf([
      { path: 'h/Résumé.PDF' },
      { path: 'h/论文.tex' },
      { path: 'h/100%_"quoted"*.md' },
      { path: 'h/a' },
      { path: 'h/ab' },
      { path: 'h/cab' },
      { path: 'h/cabs' },
    ])
    expect(found(reader, 'résumé.p')).toEqual(['Résumé.PDF'])
    expect(found(reader, '论文')).toEqual(['论文.tex'])
    expect(found(reader, '_"quo')).toEqual(['100%_"quoted"*.md'])
    expect(found(reader, 'ab')).toEqual(['ab', 'cab'])
    expect(found(reader, 'a')).toEqual(['a'])
    expect(found(reader, 'nowhere')).toEqual([])
  })

  test('finds by a path where a slash stands between names, and a slash at an end means that end', async () => {
    const reader = await indexOf([
      { path: 'h/ada/thesis.tex' },
      { path: 'h/bob/thesis.tex' },
      { path: 'h/bob/my-thesis.tex' },
    ])
    expect(found(reader, 'ADA/thesis')).toEqual(['thesis.tex'])
    expect(searchContents(reader, 'ada/thesis', 0).entries[0]?.crumbs.at(-1)?.label).toBe('ada')
    expect(found(reader, '/thesis')).toHaveLength(2)
    expect(found(reader, 'sis.tex/')).toHaveLength(3)
  })

  test('goes on where the page before ended, and misses none', async () => {
    const reader = await indexOf(Array.from({ length: 250 }, (_, number) => ({ path: `d/same-${number}` })))
    const pages: string[][] = []
    for (let after: number | null = 0; after !== null; ) {
      const page: ReturnType<typeof searchContents> = searchContents(reader, 'same', after)
      pages.push(labels(page.entries))
      after = page.next
    }
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50])
    expect(new Set(pages.flat()).size).toBe(250)
  })
})

// Promise: names are bytes: whatever a worker says, every entry is where its path leads, is found by its name, and is counted once.
test('names of any bytes are kept, listed, found and counted', async () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 12 })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0x2f || byte === 0 ? 0x41 : byte))))
    .filter((bytes) => !bytes.equals(Buffer.from('.')))
  const paths = fc.uniqueArray(fc.array(name, { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 30,
    selector: (names) => names.map((part) => part.toString('hex')).join('/'),
  })
  await fc.assert(
    fc.asyncProperty(paths, async (given) => {
      const joined = (names: Buffer[]) => Buffer.from(names.map((part) => part.toString('latin1')).join('/'), 'latin1')
      const reader = await indexOf(given.map((names) => ({ path: joined(names), size: 1 })))
      for (const names of given) {
        const path = [Buffer.from(artifact), ...names]
        const folderOf = reader.at(path.slice(0, -1))
        const all = reader.children(folderOf?.id ?? -1, 0, 1000)
        const entry = all.find((row) => !row.isFolder && row.name.equals(path.at(-1) as Buffer))
        expect(entry?.facts?.size).toBe(1)
        expect(reader.pathTo(entry?.id ?? 0).map((row) => row.name.toString('hex'))).toEqual(
          path.map((part) => part.toString('hex')),
        )
        expect([...reader.find(displayName(names.at(-1) as Buffer), 0)]).toContain(entry?.id)
      }
      expect(reader.totals(reader.at([Buffer.from(artifact)])?.id ?? 0)).toMatchObject({
        entries: given.length,
        bytes: given.length,
      })
      reader.close()
    }),
    { numRuns: 60, seed: 5 },
  )
})

test.each([
  ['a path that is too long', { path: 'a/'.repeat(3000) }],
  ['an entry without a name', { path: '/./' }],
])('an index with %s is refused', async (_, given) => {
  await expect(indexOf([given])).rejects.toMatchObject({ code: 'index-damaged' })
})

test('climbing, doubled and absolute paths stay names in the tree', async () => {
  const reader = await indexOf([{ path: '/../../etc/passwd' }, { path: 'x' }, { path: 'x' }, { path: 'x/y' }])
  const path = [artifact, '..', '..', 'etc', 'passwd'].map((name) => Buffer.from(name))
  expect(reader.at(path)?.facts?.type).toBe('file')
  expect(contentOf(reader, 1)?.entries).toBe(3)
})

describe('the store', () => {
  const backup = (number: number) => `00000000-0000-4000-8000-00000000000${number}`
  const fill = (entries: number) => async (writer: EntryWriter) =>
    fillIndex(
      writer,
      artifact,
      stream(toEntries(Array.from({ length: entries }, (_, i) => ({ path: `f${i}` })))),
      () => {},
    )
  let close: () => Promise<void>
  let place: string
  beforeAll(async () => {
    process.env.INDEX_CACHE_MEBIBYTES = '64'
    const opened = await openTestDatabase()
    close = opened.close
    place = join(opened.folder, 'indexes')
  })
  afterAll(() => close())

  test('gives what was stored for that manifest, and nothing for another, a damaged or a missing one', async () => {
    expect(storedIndex(backup(1), 'manifest')).toBeNull()
    await storeIndex(backup(1), 'manifest', fill(5))
    expect(storedIndex(backup(1), 'manifest')?.count('f', 10)).toBe(0)
    expect(storedIndex(backup(1), 'manifest')?.totals(1).entries).toBe(5)
    expect(storedIndex(backup(1), 'another')).toBeNull()
    expect(storedIndex(backup(2), 'manifest')).toBeNull()
    writeFileSync(join(place, `${backup(3)}.sqlite`), 'no database at all')
    expect(storedIndex(backup(3), 'manifest')).toBeNull()
  })

  test('keeps nothing of an index that failed half-way', async () => {
    const failing = async (writer: EntryWriter) => {
      await fill(5)(writer)
      throw new Error('cut')
    }
    await expect(storeIndex(backup(4), 'manifest', failing)).rejects.toThrow('cut')
    expect(readdirSync(place).filter((name) => name.startsWith(backup(4)))).toEqual([])
  })

  test('deletes what was not looked at for longest when there is no room, and never the newest', async () => {
    const sizes = { 5: 40, 6: 40, 7: 40 }
    for (const [number, mebibytes] of Object.entries(sizes)) {
      const file = join(place, `${backup(Number(number))}.sqlite`)
      writeFileSync(file, Buffer.alloc(mebibytes * 1024 ** 2))
      utimesSync(file, Number(number), Number(number))
    }
    makeRoom(backup(5))
    const left = readdirSync(place)
    expect(left).toContain(`${backup(5)}.sqlite`)
    expect(left).not.toContain(`${backup(6)}.sqlite`)
    expect(left).toContain(`${backup(7)}.sqlite`)
  })

  test('an index that outgrows its bound is refused, and its file stays within it', async () => {
    const file = join(folder, 'bounded.sqlite')
    const writer = new EntryWriter(file, { mostBytes: 256 * 1024, labelOf: displayName })
    await expect(fill(20_000)(writer)).rejects.toBeInstanceOf(StoreFull)
    expect(statSync(file).size).toBeLessThanOrEqual(256 * 1024)
    writer.discard()
  })
})
