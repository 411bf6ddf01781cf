import {
  closeSync,
  fdatasync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { type EventBody, eventBodySchema, eventSchema, type RunEvent } from '@/protocol/events'
import { jobNameSchema } from '@/protocol/jobs'
import type { RunReference } from '@/protocol/worker-api'
import { runKey, runKeyPattern } from './run-key'

const suffix = '.jsonl'
const newline = 0x0a

/** Log lines and warnings beyond this are left out and counted; what control must know is kept whatever the size. */
export const softLimitBytes = 32 * 1024 * 1024

/**
 * The events of one run on disk: one JSON line each, and a line's number is the event's sequence number. Nothing is sent
 * before `flush` has brought it to the disk, so that a number never means two things, whatever crashes. A line cut by a
 * crash was never flushed and is removed by `reopen`.
 */
export class EventJournal {
  readonly run: RunReference
  readonly #file: string
  readonly #descriptor: number
  /** where each event's line begins */
  readonly #offsets: number[] = []
  #size = 0
  #isFinished = false
  #isFlushed = true
  #leftOut = 0
  /** lines that the disk had no room for yet */
  #waiting: RunEvent[] = []

  private constructor(file: string, run: RunReference, descriptor: number) {
    this.#file = file
    this.run = run
    this.#descriptor = descriptor
  }

  /** Throws EEXIST when this host already has a journal of the same run and attempt. */
  static create(folder: string, run: RunReference): EventJournal {
    const file = join(folder, `${runKey(run)}${suffix}`)
    const journal = new EventJournal(file, run, openSync(file, 'wx+', 0o600))
    syncFolder(folder)
    return journal
  }

  /** Opens what an earlier process left. */
  static reopen(folder: string, run: RunReference): EventJournal {
    const file = join(folder, `${runKey(run)}${suffix}`)
    const journal = new EventJournal(file, run, openSync(file, 'r+'))
    journal.#readBack()
    return journal
  }

  get lastSequence(): number {
    return this.#offsets.length + this.#waiting.length
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  /** Returns at once and never throws: what does not fit on the disk now is written by the next `flush`. */
  append(body: EventBody): void {
    if (this.#isFinished) return
    const droppable = body.type === 'log' || body.type === 'warning'
    if (droppable && this.#size > softLimitBytes) {
      this.#leftOut += 1
      return
    }
    if (body.type === 'finished' && this.#leftOut > 0) this.#add(leftOutNotice(this.#leftOut))
    this.#add(fitting(body))
    if (body.type === 'finished') this.#isFinished = true
  }

  /** Brings all that was appended to the disk. Rejects when the disk is full or broken. */
  async flush(): Promise<void> {
    this.#writeWaiting()
    if (this.#isFlushed) return
    this.#isFlushed = true
    try {
      await promisify(fdatasync)(this.#descriptor)
    } catch (error) {
      this.#isFlushed = false
      throw error
    }
  }

  /** Events after `sequence`, at most `limit` and about 1 MiB; at least one when there is one. Only what is on the disk. */
  readAfter(sequence: number, limit = 500): RunEvent[] {
    const events: RunEvent[] = []
    let bytes = 0
    for (let index = sequence; index < this.#offsets.length && events.length < limit; index += 1) {
      const line = this.#readLine(index)
      bytes += line.length
      if (events.length > 0 && bytes > 1024 * 1024) break
      events.push(parseLine(line, index + 1))
    }
    return events
  }

  /** Closes the journal; it stays on disk for the next process. */
  close(): void {
    closeSync(this.#descriptor)
  }

  /** Nothing of it is needed any more. */
  remove(): void {
    rmSync(this.#file, { force: true })
    this.close()
  }

  #add(body: EventBody): void {
    this.#waiting.push({ sequence: this.lastSequence + 1, at: new Date().toISOString(), body })
    try {
      this.#writeWaiting()
    } catch {
      // the disk is full: the lines wait in memory, and `flush` tells
    }
  }

  #writeWaiting(): void {
    for (let event = this.#waiting[0]; event; event = this.#waiting[0]) {
      this.#writeLine(Buffer.from(`${JSON.stringify(event)}\n`))
      this.#waiting.shift()
    }
  }

  #writeLine(line: Buffer): void {
    this.#isFlushed = false
    try {
      for (let done = 0; done < line.length; )
        done += writeSync(this.#descriptor, line, done, line.length - done, this.#size + done)
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#size)
      throw error
    }
    this.#offsets.push(this.#size)
    this.#size += line.length
  }

  #readLine(index: number): Buffer {
    const start = this.#offsets[index] ?? this.#size
    const line = Buffer.alloc((this.#offsets[index + 1] ?? this.#size) - start - 1)
    readSync(this.#descriptor, line, 0, line.length, start)
    return line
  }

  #readBack(): void {
    const content = readFileSync(this.#descriptor)
    for (
      let start = 0, end = content.indexOf(newline);
      end >= 0;
      start = end + 1, end = content.indexOf(newline, start)
    ) {
      this.#offsets.push(start)
      this.#size = end + 1
      this.#isFinished = parseLine(content.subarray(start, end), this.#offsets.length).body.type === 'finished'
    }
    ftruncateSync(this.#descriptor, this.#size)
    fsyncSync(this.#descriptor)
  }
}

/** The runs whose journals lie in the folder; other files are left alone. */
export function listJournals(folder: string): RunReference[] {
  const runs: RunReference[] = []
  for (const name of readdirSync(folder).sort()) {
    const [, job, id, attempt] = runKeyPattern.exec(basename(name, suffix)) ?? []
    const parsed = jobNameSchema.safeParse(job)
    if (parsed.success && id && name.endsWith(suffix)) runs.push({ name: parsed.data, id, attempt: Number(attempt) })
  }
  return runs
}

/** A line that a failing disk spoiled keeps its number, so that those after it keep theirs. */
function parseLine(line: Uint8Array, sequence: number): RunEvent {
  try {
    const event = eventSchema.parse(JSON.parse(Buffer.from(line).toString('utf8')))
    if (event.sequence === sequence) return event
  } catch {
    // told below
  }
  return {
    sequence,
    at: new Date().toISOString(),
    body: { type: 'log', level: 'error', text: 'An event of this run was damaged on the disk of the worker.' },
  }
}

/** Control refuses what breaks the schema, which would stop every later event: such a body is cut, or told as a log line. */
function fitting(body: EventBody): EventBody {
  const cut = body.type === 'log' || body.type === 'warning' ? { ...body, text: body.text.slice(0, 2000) } : body
  const parsed = eventBodySchema.safeParse(cut)
  if (parsed.success) return parsed.data
  const fault = parsed.error.issues[0]
  const text = `An event (${body.type}) could not be reported: ${fault?.path.join('.')}: ${fault?.message}`
  return body.type === 'finished'
    ? { type: 'finished', state: body.state, problem: { code: 'internal-error', text: text.slice(0, 2000) } }
    : { type: 'log', level: 'error', text: text.slice(0, 2000) }
}

function leftOutNotice(count: number): EventBody {
  return { type: 'log', level: 'warn', text: `${count} further log lines and warnings of this run were left out.` }
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r')
  fsyncSync(descriptor)
  closeSync(descriptor)
}
