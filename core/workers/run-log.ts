import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { controlPlaneEnv } from '@/lib/env'
import type { RunEvent } from '@/protocol/events'
import type { RunReference } from '@/protocol/worker-api'

/**
 * A run's log is two files of JSON lines: a full one takes the place of the earlier one, so that the newest lines are kept,
 * between one and two times this size.
 */
const fileBytes = 8 * 1024 * 1024
const chunkBytes = 64 * 1024

const logLineSchema = z.object({
  attempt: z.int(),
  sequence: z.int(),
  at: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>
/** Where a reader of a run's log has got to. */
export type LogPosition = Pick<LogLine, 'attempt' | 'sequence'>
type LoggedRun = Pick<RunReference, 'name' | 'id'>

/**
 * Adds the log lines among `events`. Called before the events are committed: after a crash in between they come again, and
 * reading leaves out what stands twice, so that no line is lost or doubled.
 */
export function appendRunLog(run: RunReference, events: RunEvent[]): void {
  const lines: string[] = []
  for (const { sequence, at, body } of events) {
    if (body.type !== 'log') continue
    lines.push(`${JSON.stringify({ attempt: run.attempt, sequence, at, level: body.level, text: body.text })}\n`)
  }
  if (lines.length === 0) return
  const files = filesOf(run)
  mkdirSync(join(controlPlaneEnv().dataFolder, 'logs'), { recursive: true, mode: 0o700 })
  if ((statSync(files.latest, { throwIfNoEntry: false })?.size ?? 0) > fileBytes) makeRoom(files)
  appendFileSync(files.latest, lines.join(''), { mode: 0o600 })
}

function makeRoom({ latest, earlier, cut }: ReturnType<typeof filesOf>): void {
  if (existsSync(earlier)) writeFileSync(cut, '', { mode: 0o600 })
  renameSync(latest, earlier)
}

export type LogPage = {
  /** oldest first */
  lines: LogLine[]
  /** there are earlier ones that fit */
  hasEarlier: boolean
  /** the oldest lines of this log were dropped, as it grew beyond its bound */
  isCut: boolean
}

/**
 * The latest lines of all attempts, `limit` at most: those after `after`, before `before` and with `text` in them (in upper or
 * lower case) only, where given. Reads from the end, and no further than it needs. Empty for a run without a log.
 */
export function readRunLog(
  run: LoggedRun,
  { after, before, text, limit }: { after?: LogPosition; before?: LogPosition; text?: string; limit: number },
): LogPage {
  const lines: LogLine[] = []
  let hasEarlier = false
  for (const line of linesFromTheEnd(run, text)) {
    if (after && !isLater(line, after)) break
    if (before && !isLater(before, line)) continue
    hasEarlier = lines.length === limit
    if (hasEarlier) break
    lines.push(line)
  }
  return { lines: lines.reverse(), hasEarlier, isCut: existsSync(filesOf(run).cut) }
}

/** All lines that are kept, oldest first, a few at a time. */
export async function* streamRunLog(run: LoggedRun): AsyncGenerator<LogLine> {
  const { earlier, latest } = filesOf(run)
  let last: LogPosition = { attempt: 0, sequence: 0 }
  for (const file of [earlier, latest]) {
    if (!existsSync(file)) continue
    for await (const text of createInterface({ input: createReadStream(file) })) {
      const line = parseLine(text)
      if (!line || !isLater(line, last)) continue
      yield line
      last = line
    }
  }
}

function* linesFromTheEnd(run: LoggedRun, text?: string): Generator<LogLine> {
  const { earlier, latest } = filesOf(run)
  const wanted = text?.toLowerCase()
  // as it stands in a file, so that most lines need not be parsed
  const needle = wanted && JSON.stringify(wanted).slice(1, -1)
  let last: LogPosition | undefined
  for (const file of [latest, earlier]) {
    for (const raw of rawLinesFromTheEnd(file)) {
      if (needle && !raw.toLowerCase().includes(needle)) continue
      const line = parseLine(raw)
      if (!line || (last && !isLater(last, line))) continue
      last = line
      if (!wanted || line.text.toLowerCase().includes(wanted)) yield line
    }
  }
}

function* rawLinesFromTheEnd(path: string): Generator<string> {
  if (!existsSync(path)) return
  const file = openSync(path, 'r')
  try {
    let position = fstatSync(file).size
    /** the beginning of it is in the chunk before */
    let unfinished = Buffer.alloc(0)
    while (position > 0) {
      const length = Math.min(chunkBytes, position)
      position -= length
      const chunk = Buffer.alloc(length)
      readSync(file, chunk, 0, length, position)
      const bytes = Buffer.concat([chunk, unfinished])
      const firstEnd = position > 0 ? bytes.indexOf(10) : -1
      const isInside = position > 0 && firstEnd === -1
      unfinished = isInside ? bytes : bytes.subarray(0, firstEnd + 1)
      if (!isInside)
        yield* bytes
          .subarray(firstEnd + 1)
          .toString('utf8')
          .split('\n')
          .reverse()
    }
  } finally {
    closeSync(file)
  }
}

/** A line cut by a crash is left out. */
function parseLine(text: string): LogLine | undefined {
  try {
    return logLineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function isLater(line: LogPosition, than: LogPosition): boolean {
  return line.attempt > than.attempt || (line.attempt === than.attempt && line.sequence > than.sequence)
}

function filesOf({ name, id }: LoggedRun) {
  const path = join(controlPlaneEnv().dataFolder, 'logs', `${name}-${id}`)
  /** `cut` is empty; it is there once lines were dropped */
  return { latest: `${path}.log`, earlier: `${path}.earlier.log`, cut: `${path}.cut.log` }
}
