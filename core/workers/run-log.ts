import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { controlPlaneEnv } from '@/lib/env'
import type { RunEvent } from '@/protocol/events'
import type { RunReference } from '@/protocol/worker-api'

/** A run's log is a file of JSON lines; beyond this size nothing is added but a last line that says so. */
const longestLogBytes = 5 * 1024 * 1024

const logLineSchema = z.object({
  attempt: z.int(),
  sequence: z.int(),
  at: z.string(),
  level: z.enum(['debug', 'info', 'warn', 'error']),
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>
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
  const file = logFile(run)
  mkdirSync(join(controlPlaneEnv().dataFolder, 'logs'), { recursive: true, mode: 0o700 })
  const size = existsSync(file) ? statSync(file).size : 0
  if (size > longestLogBytes) return
  appendFileSync(file, lines.join(''), { mode: 0o600 })
  if (size + Buffer.byteLength(lines.join('')) > longestLogBytes) appendFileSync(file, cutLine(run, events))
}

/** Takes the place of the next event, which is not written any more. */
function cutLine(run: RunReference, events: RunEvent[]): string {
  const last = events.at(-1)
  const text = 'The log is longer than 5 MiB; the rest is in the log of the worker.'
  const line = { attempt: run.attempt, sequence: (last?.sequence ?? 0) + 1, at: last?.at ?? '', level: 'warn', text }
  return `${JSON.stringify(line)}\n`
}

/** The lines of all attempts in order, those after `after` only where given. Empty for a run without a log. */
export function readRunLog(run: LoggedRun, after?: Pick<LogLine, 'attempt' | 'sequence'>): LogLine[] {
  const file = logFile(run)
  if (!existsSync(file)) return []
  const lines: LogLine[] = []
  let last = after ?? { attempt: 0, sequence: 0 }
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const line = parseLine(text)
    if (!line || !isLater(line, last)) continue
    lines.push(line)
    last = line
  }
  return lines
}

/** A line cut by a crash is left out. */
function parseLine(text: string): LogLine | undefined {
  try {
    return logLineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

type Position = Pick<LogLine, 'attempt' | 'sequence'>

function isLater(line: Position, than: Position): boolean {
  return line.attempt > than.attempt || (line.attempt === than.attempt && line.sequence > than.sequence)
}

function logFile({ name, id }: LoggedRun): string {
  return join(controlPlaneEnv().dataFolder, 'logs', `${name}-${id}.log`)
}
