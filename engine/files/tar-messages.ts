import { parseTarMessage, type TarMessage } from '@/lib/tar'
import { displayName } from '@/protocol/display-name'
import type { Warning } from '@/protocol/events'
import { Problem } from '@/protocol/problem'

const codes = {
  changed: 'file-changed',
  vanished: 'file-vanished',
  shrank: 'file-shrank',
  other: 'tar-message',
} as const

const explanations = {
  changed:
    'It changed while it was read: a file may be mixed of before and after, a folder may lack what came meanwhile.',
  vanished: 'It was removed before it was read, and is not in this backup.',
  shrank: 'It became shorter while it was read; its end is filled with zeros.',
} as const

const namedWarnings = 10_000
const keptErrors = 20

/** Gathers what tar says while it archives. Each file counts once; the first 10,000 are named as warnings. */
export class TarMessages {
  changedFiles = 0
  warningCount = 0
  readonly #others: string[] = []
  #sockets = 0
  #lastName = ''
  readonly #warn: (warning: Warning) => void
  readonly #sourceOf: (name: Buffer) => string | undefined

  constructor(warn: (warning: Warning) => void, sourceOf: (name: Buffer) => string | undefined) {
    this.#warn = warn
    this.#sourceOf = sourceOf
  }

  /** Takes a line of tar's stderr. */
  take(line: string): void {
    const message = parseTarMessage(line)
    if (message.kind === 'socket') this.#sockets++
    else if (message.kind === 'other' || !message.name) this.#takeOther(message.text)
    else this.#takeFile(message.kind, message.name)
  }

  /** A warning of our own about one file. */
  add(warning: Warning): void {
    this.warningCount++
    if (this.warningCount <= namedWarnings) this.#warn(warning)
  }

  /** Judges how tar ended: 0 and 1 are good (1: some file changed), anything else is a Problem in tar's own words. */
  finish(exitCode: number | null, endedBy: string | null, log: (level: 'info', text: string) => void): void {
    if (exitCode !== 0 && exitCode !== 1)
      throw new Problem({
        code: 'tar-failed',
        text: `tar failed (${endedBy ?? `exit code ${exitCode}`}): ${this.#others.join('; ') || 'it gave no reason'}`.slice(
          0,
          2000,
        ),
        action: 'Make the files readable for the worker, or exclude them, then run the plan again.',
      })
    for (const text of this.#others) this.add({ code: codes.other, text: `tar said: ${text}`.slice(0, 2000) })
    if (this.#sockets > 0) log('info', `${this.#sockets} sockets were left out: they have no content.`)
  }

  #takeOther(text: string): void {
    if (this.#others.length < keptErrors && text !== '') this.#others.push(text)
  }

  /** tar says of a file that shrank that it changed, too; only the first is taken. */
  #takeFile(kind: Exclude<TarMessage['kind'], 'other' | 'socket'>, name: Buffer): void {
    const key = `${name.toString('latin1')}`
    if (key === this.#lastName) return
    this.#lastName = key
    this.changedFiles++
    const source = this.#sourceOf(name)
    this.add({ code: codes[kind], text: explanations[kind], where: displayName(name), ...(source ? { source } : {}) })
  }
}
