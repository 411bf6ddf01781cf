import type { InPlaceEndSpec } from '@/protocol/specs'
import type { InPlaceContext, RunOutcome } from './context'
import { connectAgain } from './restore/in-place/connection-file'
import { exchangeOf } from './restore/in-place/exchange-facts'
import { readJournal } from './restore/in-place/journal'
import { dropBeside, type EndOptions, undo } from './restore/in-place/lead-to-end'
import { runWritersCommand, writersOf } from './restore/in-place/writers'
import { RunScope } from './run-scope'

/**
 * Undoes a restore in place, which nothing cuts off once it was begun, or removes what it keeps beside. Throws a Problem; ordered
 * again it goes on where it was.
 */
export async function endInPlace(spec: InPlaceEndSpec, context: InPlaceContext): Promise<RunOutcome> {
  const scope = new RunScope(context)
  const { restoreId } = spec
  const folder = context.inPlaceFolder
  const log = (level: 'debug' | 'info' | 'warn' | 'error', text: string) =>
    context.report({ type: 'log', level, text: text.slice(0, 4000) })
  const options: EndOptions = {
    folder,
    restoreId,
    connect: () => connectAgain(folder, restoreId),
    signal: scope.signal,
    log,
    mirror: (record) => record.type === 'step' && log('info', `step ${record.number}: ${record.what}`),
  }
  const before = readJournal(folder, restoreId)
  try {
    if (spec.end === 'undo') await scope.phase('swap', () => undoWithoutWriters(spec, context, options))
    else await scope.phase('delete', () => dropBeside(options))
    // one that was dropped already left no journal
    const state = readJournal(folder, restoreId) ?? before
    const stands = spec.end === 'drop' ? 'dropped' : state?.isCommitted ? 'undone' : 'rolled-back'
    context.report({ type: 'exchange', exchange: exchangeOf(state ?? { items: [] }, stands) })
    return 'succeeded'
  } catch (error) {
    throw scope.endedBy(error)
  } finally {
    await scope.close()
  }
}

async function undoWithoutWriters(
  spec: InPlaceEndSpec,
  { policy }: InPlaceContext,
  options: EndOptions,
): Promise<void> {
  const writers = spec.target.writers === 'command' ? writersOf(policy) : null
  if (writers) await runWritersCommand(writers.stop, options.signal)
  try {
    await undo({ ...options, signal: new AbortController().signal })
  } finally {
    if (writers) await runWritersCommand(writers.start)
  }
}
