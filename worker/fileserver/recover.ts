import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Recovered } from '@/engine/recover-in-place'
import type { EventBody } from '@/protocol/events'
import type { RunReference } from '@/protocol/worker-api'
import { EventJournal, listJournals } from './event-journal'
import { aloneKeyPattern, runKey, runKeyPattern } from './run-key'
import type { ScratchPlace } from './scratch-registry'
import type { Station } from './station'
import { detailsOf } from './worker-log'

/**
 * Cleans up after a process that was killed, before any job is taken: temporary files and parts are swept, scratch places of
 * unfinished restores removed, and each run that it had in hand is reported as failed. Journals not taken yet are sent.
 */
export async function recoverFromCrash(station: Station, signal: AbortSignal): Promise<void> {
  sweep(station.state.temporary)
  sweep(station.state.spool)
  const inPlace = await station.engine.recoverInPlace(station.state.inPlace, { signal, log: station.log })
  const unfinished = station.scratch.listUnfinished()
  for (const place of unfinished) await removeScratch(place, station, signal)
  for (const run of listJournals(station.state.journals)) resume(run, { unfinished, inPlace }, station)
}

/** Only what bears the name of a run that is over: the spool may be a folder that others use too. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder))
    if (runKeyPattern.test(name) || isAbandoned(name)) rmSync(join(folder, name), { recursive: true, force: true })
}

/** Of a run without a control plane, which may go on beside this process. */
function isAbandoned(name: string): boolean {
  const processId = aloneKeyPattern.exec(name)?.[1]
  if (!processId) return false
  try {
    process.kill(Number(processId), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

async function removeScratch(place: ScratchPlace, station: Station, signal: AbortSignal): Promise<void> {
  try {
    await station.engine.removeTree(place.folder, signal)
    station.log('info', `The unfinished scratch place ${place.folder} was removed.`)
    // databases stay: dropping them needs the connection, which a discard brings along
    station.scratch.settle(place.restoreId)
  } catch (error) {
    if (!signal.aborted)
      station.log('warn', `The scratch place ${place.folder} could not be removed: ${detailsOf(error)}`)
  }
}

type Left = { unfinished: ScratchPlace[]; inPlace: Recovered[] }

function resume(run: RunReference, { unfinished, inPlace }: Left, { state, senders, log }: Station): void {
  const journal = EventJournal.reopen(state.journals, run)
  if (!journal.isFinished) {
    const found = inPlace.find(({ restoreId }) => restoreId === run.id)
    if (found?.exchange) journal.append({ type: 'exchange', exchange: found.exchange })
    const event = completedEvent(journal) ?? (found && inPlaceEvent(run, found)) ?? restartedEvent(run, unfinished)
    log('warn', `${runKey(run)} was under way when the worker ended; it is reported as ${event.state}.`)
    journal.append(event)
  }
  senders.start(journal, true)
}

type Finished = Extract<EventBody, { type: 'finished' }>

/**
 * A backup's summary, and the word that a backup was copied, are reported once the manifest is on the remote: what the process
 * could not say any more is said now.
 */
function completedEvent(journal: EventJournal): Finished | null {
  const lastOnes = journal.readAfter(Math.max(0, journal.lastSequence - 20)).map(({ body }) => body)
  if (lastOnes.some((body) => body.type === 'copied')) return { type: 'finished', state: 'succeeded', problem: null }
  const summary = lastOnes.findLast((body) => body.type === 'summary')
  if (!summary) return null
  return { type: 'finished', state: summary.warningCount > 0 ? 'warning' : 'succeeded', problem: null }
}

/** Which way a restore in place went that was killed; null: what the run wanted was not begun yet. */
function inPlaceEvent(run: RunReference, { end, exchange, problem }: Recovered): Finished | null {
  if (problem) return { type: 'finished', state: 'failed', problem }
  if (run.name === 'discard') {
    const isDone = end === 'undone' || end === 'dropped'
    return isDone ? { type: 'finished', state: 'succeeded', problem: null } : null
  }
  if (exchange?.state === 'swapped')
    return {
      type: 'finished',
      state: 'warning',
      problem: {
        code: 'completed-after-crash',
        text: 'The worker was killed or its host restarted in the middle of the exchange; it was completed and compared when the worker started again.',
        action: 'Look whether the instance is as you want it. The old copy is kept, and the restore can be undone.',
      },
    }
  return {
    type: 'finished',
    state: 'failed',
    problem: {
      code: 'rolled-back',
      text: 'The worker was killed or its host restarted before the exchange. Everything is as it was, and nothing of the restore is left.',
      action: 'Start the restore again.',
    },
  }
}

function restartedEvent(run: RunReference, unfinished: ScratchPlace[]): Finished {
  const place = unfinished.find(({ runId }) => runId === run.id)
  const action = {
    backup: 'Start it again, or wait for the next planned run. What it left on the remote is cleaned up by itself.',
    restore: place?.databasePrefix
      ? `Its scratch folder was removed. Discard the restore to drop databases that begin with ${place.databasePrefix}, then start again.`
      : 'Its scratch folder was removed. Start the restore again.',
    discard: 'Order it again: what was done already is not done twice.',
    prune: 'What is left is deleted by the next run.',
    inspection: 'Look again. Nothing on the remote was touched.',
    replication: 'It is copied again by itself; what lies on the other remote already is not sent twice.',
    ask: 'Ask again.',
  }[run.name]
  const problem = {
    code: 'worker-restarted',
    text: 'The worker was killed or its host restarted while this run was under way.',
    action,
  }
  return { type: 'finished', state: 'failed', problem }
}
