import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fillIndex } from '@/core/contents/fill-index'
import { EntryReader, EntryWriter } from '@/lib/entry-store'
import { displayName } from '@/protocol/display-name'
import type { IndexEntry } from '@/protocol/index-entry'
import { readIndex } from '@/protocol/read-index'
import { percentile } from './measure'

/** How long an index takes to be stored, how large it becomes, and how fast it is searched and paged: `npm run bench:browse`. */
const wanted = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'talekeeper-browse-'))
const file = join(folder, 'index.sqlite')
try {
  const { seconds, rawBytes, longestTurn } = await build()
  const { size } = statSync(file)
  console.log(`${wanted.toLocaleString('en-GB')} entries, index of ${mebibytes(rawBytes)} MiB`)
  console.log(`stored in ${seconds.toFixed(1)} s, ${mebibytes(size)} MiB; longest turn ${longestTurn.toFixed(0)} ms`)
  measure()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function build() {
  const writer = new EntryWriter(file, { mostBytes: 4 * 1024 ** 3, labelOf: displayName })
  let rawBytes = 0
  const bytes = async function* () {
    for (const piece of lines()) {
      rawBytes += piece.length
      yield piece
    }
  }
  const start = performance.now()
  let [longestTurn, lastTurn] = [0, performance.now()]
  const clock = setInterval(() => {
    longestTurn = Math.max(longestTurn, performance.now() - lastTurn)
    lastTurn = performance.now()
  }, 1)
  await fillIndex(writer, 'files.tar.zst', readIndex(bytes(), 'files'), () => {})
  clearInterval(clock)
  const finish = performance.now()
  writer.finish('bench')
  longestTurn = Math.max(longestTurn, performance.now() - finish)
  return { seconds: (performance.now() - start) / 1000, rawBytes, longestTurn }
}

/** Homes of people with projects, notebooks and data, as on a Whole Tale instance; the same at every run. */
function* lines(): Generator<Buffer> {
  let [count, text] = [0, '']
  const kinds = [
    'notebook.ipynb',
    'analysis.py',
    'readme.md',
    'figure.png',
    'data.csv',
    'run.log',
    'Résumé.pdf',
    '论文.tex',
  ]
  const entry = (path: string, type: IndexEntry['type'], size: number) => {
    const xxh128 = type === 'file' ? { xxh128: count.toString(16).padStart(32, '0') } : {}
    const facts = {
      mode: type === 'file' ? 0o644 : 0o755,
      uid: 1000 + (count % 500),
      gid: 100,
      mtime: `${1_700_000_000 + count}.5`,
    }
    text += `${JSON.stringify({ path, type, size, ...facts, ...xxh128, part: Math.floor(count / 10_000), offset: (count % 10_000) * 1024 })}\n`
    count++
  }
  for (let person = 0; count < wanted; person++) {
    const home = `mnt/homes/homes/${String.fromCharCode(97 + (person % 26))}/person${person}`
    entry(home, 'directory', 0)
    for (let project = 0; project < 20 && count < wanted; project++) {
      entry(`${home}/project-${project}`, 'directory', 0)
      for (let item = 0; item < 100 && count < wanted; item++)
        entry(
          `${home}/project-${project}/${item}-${person * 2000 + item}-${kinds[item % kinds.length]}`,
          'file',
          item * 100,
        )
      yield Buffer.from(text)
      text = ''
    }
  }
  yield Buffer.from(text)
}

function measure(): void {
  const reader = EntryReader.open(file, 'bench')
  if (!reader) throw new Error('the stored index cannot be opened')
  const searches = {
    'a name that is there once': () => look(reader, '99-40099-'),
    'a word of every eighth name': () => look(reader, 'notebook'),
    'a word that is nowhere': () => look(reader, 'zzz-nowhere'),
    'common letters, rare together': () => look(reader, '00.png'),
    'two letters': () => look(reader, 'tx'),
    'a word in Chinese': () => look(reader, '论文'),
    'a word with an accent': () => look(reader, 'résumé'),
  }
  for (const [what, search] of Object.entries(searches)) report(`search for ${what}`, search)
  const homes = reader.at(['files.tar.zst', 'mnt', 'homes', 'homes', 'a'].map((name) => Buffer.from(name)))
  report('first page of a folder', () => reader.children(homes?.id ?? 0, 0, 100).length)
  report('path of an entry', () => reader.pathTo(wanted >> 1).length)
  reader.close()
}

/** The first page of a search, with the path of each hit, and how many there are. */
function look(reader: EntryReader, text: string): number {
  let found = 0
  for (const id of reader.find(text, 0)) {
    reader.pathTo(id)
    if (++found === 100) break
  }
  return reader.count(text, 1001)
}

function report(what: string, work: () => number): void {
  const times: number[] = []
  let result = 0
  for (let round = 0; round < 50; round++) {
    const start = performance.now()
    result = work()
    times.push(performance.now() - start)
  }
  console.log(
    `${what.padEnd(46)} p50 ${percentile(times, 0.5).toFixed(1).padStart(7)} ms   p95 ${percentile(times, 0.95).toFixed(1).padStart(7)} ms   ${result} found`,
  )
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2)
}
