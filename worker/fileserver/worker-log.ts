import { commonEnv } from '@/lib/env'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type WorkerLog = (level: LogLevel, text: string) => void

const shownFrom: Record<string, number> = { trace: 0, debug: 0, info: 1, warn: 2, error: 3, silent: 4 }
const weights: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** Plain words on stderr, one line each, for a terminal or the journal of systemd. LOG_LEVEL says how many. */
export const workerLog: WorkerLog = (level, text) => {
  if (weights[level] < (shownFrom[commonEnv().logLevel] ?? 1)) return
  const word = level === 'warn' ? 'warning: ' : level === 'error' ? 'error: ' : ''
  process.stderr.write(`${new Date().toISOString()} ${word}${onOneLine(withoutCredentials(text))}\n`)
}

/** The words of any thrown value; the details of a defect go to the log only. */
export function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return withoutCredentials(error.stack ?? error.message)
}

/** `mongodb://user:password@host` → `mongodb://[secret]@host` */
function withoutCredentials(text: string): string {
  return text.replace(/:\/\/[^@/\s]*@/g, '://[secret]@')
}

function onOneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' | ').replace(/[^\P{Cc}]/gu, '?')
}
