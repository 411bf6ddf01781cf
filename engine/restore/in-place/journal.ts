import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { idSchema } from '@/protocol/names'
import { Problem } from '@/protocol/problem'
import { type Begin, type Direction, type Item, type JournalRecord, recordSchema } from './journal-records'

const ending = '.journal'

/** What a journal says as a whole. */
export type JournalState = {
  begin: Begin
  items: Item[]
  /** all items are known; before, nothing was exchanged */
  isPlanned: boolean
  /** a `forward` was decided once */
  isCommitted: boolean
  direction: Direction
  /** where everything stands; null: on the way */
  arrived: Direction | null
  isDropping: boolean
  /** nobody waits to be told to go on */
  areWritersStarted: boolean
  steps: number
}

/** The journal of one restore in place: `<folder>/<restore>.journal`. Every line is on the disk when `append` returns. */
export class Journal {
  readonly #file: string
  #descriptor: number | null
  readonly #mirror: (record: JournalRecord) => void
  #state: JournalState

  private constructor(file: string, descriptor: number, state: JournalState, mirror: (record: JournalRecord) => void) {
    this.#file = file
    this.#descriptor = descriptor
    this.#state = state
    this.#mirror = mirror
  }

  /** Begins a journal; one that is there already is an error. `mirror` is told of every line once it is on the disk. */
  static create(folder: string, begin: Begin, mirror: (record: JournalRecord) => void = () => {}): Journal {
    const file = journalFile(folder, begin.restoreId)
    const descriptor = openSync(`${file}.new`, 'w', 0o600)
    writeSync(descriptor, `${JSON.stringify(begin)}\n`)
    fsyncSync(descriptor)
    // a journal without its first line would be of no restore
    renameSync(`${file}.new`, file)
    syncFolder(folder)
    const journal = new Journal(file, descriptor, stateOf([begin], file), mirror)
    mirror(begin)
    return journal
  }

  /** Goes on with a journal that an earlier process left. A last line that was cut off is taken away. */
  static reopen(folder: string, restoreId: string, mirror: (record: JournalRecord) => void = () => {}): Journal {
    const file = journalFile(folder, restoreId)
    const { records, bytes } = readRecords(file)
    const descriptor = openSync(file, 'r+')
    ftruncateSync(descriptor, bytes)
    closeSync(descriptor)
    return new Journal(file, openSync(file, 'a'), stateOf(records, file), mirror)
  }

  get state(): JournalState {
    return this.#state
  }

  append(...records: JournalRecord[]): void {
    if (this.#descriptor === null) throw new Error('the journal is closed')
    const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
    writeSync(this.#descriptor, text)
    fsyncSync(this.#descriptor)
    this.#state = records.reduce(applied, this.#state)
    for (const record of records) this.#mirror(record)
  }

  /** May be called again. */
  close(): void {
    if (this.#descriptor === null) return
    closeSync(this.#descriptor)
    this.#descriptor = null
  }

  /** Nothing of the restore is left that would need it. */
  remove(): void {
    this.close()
    rmSync(this.#file, { force: true })
  }
}

/** The restores whose journals lie in the folder, none of them over. */
export function listJournals(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter((id) => idSchema.safeParse(id).success)
}

/** What a journal says, without going on with it; null: there is none. */
export function readJournal(folder: string, restoreId: string): JournalState | null {
  if (!listJournals(folder).includes(restoreId)) return null
  const file = journalFile(folder, restoreId)
  return stateOf(readRecords(file).records, file)
}

function journalFile(folder: string, restoreId: string): string {
  return join(folder, `${idSchema.parse(restoreId)}${ending}`)
}

/** The whole lines of a journal, and how many bytes they have. Only the last line may be cut off. */
function readRecords(file: string): { records: JournalRecord[]; bytes: number } {
  const content = readFileSync(file)
  const records: JournalRecord[] = []
  let start = 0
  for (let end = content.indexOf(10); end !== -1; end = content.indexOf(10, start)) {
    const record = parseLine(content.toString('utf8', start, end))
    const isLast = content.indexOf(10, end + 1) === -1
    if (!record && !isLast) throw damaged(file)
    if (!record) break
    records.push(record)
    start = end + 1
  }
  return { records, bytes: start }
}

function parseLine(line: string): JournalRecord | null {
  try {
    return recordSchema.parse(JSON.parse(line))
  } catch {
    return null
  }
}

function stateOf([first, ...others]: JournalRecord[], file: string): JournalState {
  if (first?.type !== 'begin') throw damaged(file)
  const empty: JournalState = {
    begin: first,
    items: [],
    isPlanned: false,
    isCommitted: false,
    direction: 'back',
    arrived: null,
    isDropping: false,
    areWritersStarted: first.startWriters === null,
    steps: 0,
  }
  return others.reduce(applied, empty)
}

function applied(state: JournalState, record: JournalRecord): JournalState {
  switch (record.type) {
    case 'begin':
      return state
    case 'item':
      state.items.push(record.item) // copying for each of many would take the square of the time
      return state
    case 'planned':
      return { ...state, isPlanned: true }
    case 'decision':
      return {
        ...state,
        direction: record.direction,
        isCommitted: state.isCommitted || record.direction === 'forward',
        arrived: null,
      }
    case 'step':
      return { ...state, steps: record.number }
    case 'arrived':
      return { ...state, arrived: record.direction }
    case 'writers-started':
      return { ...state, areWritersStarted: true }
    case 'drop':
      return { ...state, isDropping: true }
  }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function damaged(file: string): Problem {
  return new Problem({
    code: 'journal-damaged',
    text: 'The journal of a restore in place cannot be read.',
    action:
      'Nothing was changed by this. Look at the folders .talekeeper and at collections whose names end in __tk_ or __old_, and put them right by hand; then remove the journal.',
    where: file,
  })
}
