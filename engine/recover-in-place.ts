import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Exchange } from '@/protocol/events'
import { type ProblemFacts, toProblemFacts } from '@/protocol/problem'
import { connectAgain } from './restore/in-place/connection-file'
import { exchangeOf } from './restore/in-place/exchange-facts'
import { listJournals, readJournal } from './restore/in-place/journal'
import { type End, type EndOptions, leadToEnd } from './restore/in-place/lead-to-end'

export type RecoverOptions = Pick<EndOptions, 'signal' | 'log'>

/** What became of a restore in place that an earlier process left. */
export type Recovered = {
  restoreId: string
  end: End | 'half-way'
  /** how it stands now; null: it is still on its way */
  exchange: Exchange | null
  /** why it could not be led to its end */
  problem: ProblemFacts | null
}

/**
 * Leads every restore in place that an earlier process left half-way to its end, before any other work is taken: back before the
 * commit point, forward after it. Never throws: what could not be done is told, and tried again at the next start.
 */
export async function recoverInPlace(folder: string, options: RecoverOptions): Promise<Recovered[]> {
  const recovered: Recovered[] = []
  const ids = listJournals(folder)
  for (const restoreId of ids) recovered.push(await recoverOne(folder, restoreId, options))
  for (const name of readdirSync(folder)) {
    const id = name.replace(/\.(?:connection|journal\.new)$/, '')
    if (id !== name && !ids.includes(id)) rmSync(join(folder, name)) // killed before the journal's first line was there
  }
  return recovered
}

async function recoverOne(folder: string, restoreId: string, options: RecoverOptions): Promise<Recovered> {
  try {
    const before = readJournal(folder, restoreId)
    const end = await leadToEnd({ folder, restoreId, connect: () => connectAgain(folder, restoreId), ...options })
    if (end !== 'nothing')
      options.log('warn', `The restore ${restoreId}, left half-way by an earlier process: ${words[end]}`)
    const state = readJournal(folder, restoreId) ?? before
    const stands = { rolledBack: 'rolled-back', forward: 'swapped', back: 'undone', dropped: 'dropped' } as const
    const name = end === 'rolled-back' ? 'rolledBack' : end === 'dropped' ? 'dropped' : (state?.arrived ?? null)
    return { restoreId, end, exchange: state && name ? exchangeOf(state, stands[name]) : null, problem: null }
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    options.log(
      'error',
      `The restore ${restoreId} was left half-way by an earlier process and cannot be led to its end: ${text}`,
    )
    return { restoreId, end: 'half-way', exchange: null, problem: toProblemFacts(error) }
  }
}

const words: Record<Exclude<End, 'nothing'>, string> = {
  'rolled-back': 'it had not come to its commit point, and nothing was changed.',
  completed: 'it was past its commit point, and was completed and compared.',
  undone: 'what stood there before was put back and compared.',
  dropped: 'what it kept beside was removed.',
}
