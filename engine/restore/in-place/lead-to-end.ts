import type { EventBody } from '@/protocol/events'
import { Problem } from '@/protocol/problem'
import { removeBeside } from './beside'
import { forgetConnection } from './connection-file'
import type { DatabasePlace } from './database-place'
import { Journal, readJournal } from './journal'
import type { JournalRecord } from './journal-records'
import { compareOutcome, differs } from './outcome'
import { settle } from './settle'
import { runWritersCommand } from './writers'

type Level = Extract<EventBody, { type: 'log' }>['level']

export type EndOptions = {
  /** of the journals */
  folder: string
  restoreId: string
  /** connects to the MongoDB that the restore is of; called only when that is needed */
  connect: () => Promise<DatabasePlace & { close: () => Promise<void> }>
  signal: AbortSignal
  log: (level: Level, text: string) => void
  mirror?: (record: JournalRecord) => void
}

/**
 * `nothing`: it stood where it belongs. `rolled-back`: before the commit point; all is as before, and nothing is left of it.
 * `completed`: the new stands in place. `undone`: the old stands in place. `dropped`: what was beside is gone.
 */
export type End = 'nothing' | 'rolled-back' | 'completed' | 'undone' | 'dropped'

/**
 * Leads a restore that an earlier process left half-way to the end that its journal wants: back before the commit point, forward
 * after it, and on with an undo or a removal that was begun. Throws a Problem when that is not possible now; nothing is lost then,
 * and it can be tried again.
 */
export async function leadToEnd(options: EndOptions): Promise<End> {
  const state = readJournal(options.folder, options.restoreId)
  if (!state) return 'nothing'
  if (!state.isDropping && state.arrived !== null && state.areWritersStarted) return 'nothing'
  return withJournal(options, async (journal, server) => {
    if (journal.state.isDropping) return drop(journal, server, options)
    if (journal.state.arrived !== null) {
      await startWriters(journal, options)
      return 'nothing'
    }
    if (!journal.state.isCommitted) return forget(journal, server, options)
    await arrive(journal, server, options)
    return journal.state.direction === 'forward' ? 'completed' : 'undone'
  })
}

/** Puts the old back, as a person wants it. The new is kept beside until it is dropped. Throws a Problem; calling it again goes on. */
export async function undo(options: EndOptions): Promise<End> {
  requireKnown(options)
  return withJournal(options, async (journal, server) => {
    const { isCommitted, isDropping, direction, arrived } = journal.state
    if (isDropping) throw tooLate(options.restoreId)
    if (!isCommitted) return forget(journal, server, options)
    if (direction === 'back' && arrived === 'back') return 'nothing'
    if (direction === 'forward') decide(journal, 'back', arrived === null ? 'roll-back' : 'undo')
    await arrive(journal, server, options)
    return 'undone'
  })
}

/** Goes forward again, as a person wants it after a way back that did not come to its end. Throws Problem `not-committed`. */
export async function resume(options: EndOptions): Promise<End> {
  const state = requireKnown(options)
  if (!state.isCommitted)
    throw new Problem({
      code: 'not-committed',
      text: 'This restore did not come to its commit point: not everything that it needs is there.',
      action: 'Roll it back, and start it again.',
      where: options.restoreId,
    })
  if (state.isDropping || state.direction === 'forward') return leadToEnd(options)
  return withJournal(options, async (journal, server) => {
    decide(journal, 'forward', 'resume')
    await arrive(journal, server, options)
    return 'completed'
  })
}

/** Removes what is kept beside: after the way forward the old, after the way back the new. One that is over already is fine. */
export async function dropBeside(options: EndOptions): Promise<End> {
  const state = readJournal(options.folder, options.restoreId)
  if (!state) return 'nothing'
  if (state.arrived === null && !state.isDropping)
    throw new Problem({
      code: 'not-arrived',
      text: 'This restore is half-way, and what is beside may still be needed.',
      action: 'Let it go on or roll it back first.',
      where: options.restoreId,
    })
  return withJournal(options, (journal, server) => drop(journal, server, options))
}

async function drop(journal: Journal, server: DatabasePlace | null, options: EndOptions): Promise<End> {
  if (!journal.state.isDropping) journal.append({ type: 'drop', at: now() })
  await forget(journal, server, options)
  return 'dropped'
}

/** Before the commit point nothing was exchanged: what is beside is all there is of the restore. */
async function forget(journal: Journal, server: DatabasePlace | null, options: EndOptions): Promise<End> {
  await removeBeside(journal.state, server, options.signal)
  await startWriters(journal, options)
  journal.remove()
  forgetConnection(options.folder, options.restoreId)
  return 'rolled-back'
}

/** Those that a process stopped which was killed then. */
async function startWriters(journal: Journal, { log }: EndOptions): Promise<void> {
  const { begin, areWritersStarted } = journal.state
  if (areWritersStarted || !begin.startWriters) return
  try {
    await runWritersCommand(begin.startWriters)
    journal.append({ type: 'writers-started' })
  } catch (error) {
    log(
      'warn',
      `What was stopped for a restore could not be started: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function decide(journal: Journal, direction: 'forward' | 'back', why: 'undo' | 'roll-back' | 'resume'): void {
  journal.append({ type: 'decision', direction, why, at: now() })
}

async function arrive(journal: Journal, server: DatabasePlace | null, options: EndOptions): Promise<void> {
  await settle({ journal, server, log: options.log })
  const outcome = await compareOutcome(journal.state, server, options.signal)
  journal.append({ type: 'arrived', direction: journal.state.direction, at: now() })
  await startWriters(journal, options)
  if (outcome.differenceCount > 0)
    throw differs(
      outcome,
      'Everything was moved, and nothing was lost. Look at what differs before you drop what is beside.',
    )
}

async function withJournal(
  options: EndOptions,
  act: (journal: Journal, server: DatabasePlace | null) => Promise<End>,
): Promise<End> {
  const journal = Journal.reopen(options.folder, options.restoreId, options.mirror)
  let server: Awaited<ReturnType<EndOptions['connect']>> | null = null
  try {
    if (journal.state.begin.databases.length > 0) server = await options.connect()
    return await act(journal, server)
  } finally {
    await server?.close()
    journal.close()
  }
}

function requireKnown({ folder, restoreId }: EndOptions) {
  const state = readJournal(folder, restoreId)
  if (state) return state
  throw new Problem({
    code: 'restore-unknown',
    text: 'This worker keeps nothing of such a restore in place: it was never made here, was rolled back, or what it kept was dropped.',
    action: 'Look at the restores of this instance; restore a backup again if you need an older state.',
    where: restoreId,
  })
}

function tooLate(restoreId: string): Problem {
  return new Problem({
    code: 'being-dropped',
    text: 'What this restore kept beside is being removed, so that it can no longer be undone.',
    action: 'Restore the safety backup, or another one.',
    where: restoreId,
  })
}

const now = () => new Date().toISOString()
