import { runArchiveDamageRounds } from '@/engine/mongodb/archive-damage.soak'
import { runPartDamageRounds } from '@/engine/parts/part-damage.soak'
import { runRestoreDamageRounds } from '@/engine/restore/restore-damage.soak'
import { soakExchanges } from './exchanges'
import { soakKills } from './kills'
import { parseOptions, type SoakName, soakNames, usualRounds } from './options'
import { soakOutbox } from './outbox'
import { soakTokens } from './tokens'

process.env.LOG_LEVEL ??= 'error'

const options = parseOptions(process.argv.slice(2))
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

/** Each returns a summary, or throws when something was not as promised. */
const soaks: Record<SoakName, (seed: number, rounds: number) => Promise<string>> = {
  archive: async (seed, rounds) => {
    const { unnoticed, ...counts } = runArchiveDamageRounds(seed, rounds)
    if (unnoticed.length > 0) throw new Error(`damaged archives passed as good:\n${unnoticed.join('\n')}`)
    return `archive: ${JSON.stringify(counts)}`
  },
  parts: async (seed, rounds) => {
    const report = await runPartDamageRounds(seed, rounds, () => stop.signal.aborted)
    if (report.passedAsGood.length > 0)
      throw new Error(`damaged parts passed as good:\n${report.passedAsGood.join('\n')}`)
    return `parts: ${report.rounds} rounds, all refused: ${JSON.stringify(report.byKind)}`
  },
  damage: async (seed, rounds) => {
    const { wrong, ...counts } = await runRestoreDamageRounds(seed, rounds, () => stop.signal.aborted)
    if (wrong.length > 0) throw new Error(`damaged backups were not refused as promised:\n${wrong.join('\n')}`)
    return `damage: ${JSON.stringify(counts)}`
  },
  tokens: (seed, rounds) => soakTokens(seed, rounds, stop.signal),
  outbox: async (seed, rounds) => `outbox: ${JSON.stringify(await soakOutbox(seed, rounds, stop.signal))}`,
  exchanges: (seed, rounds) => soakExchanges(seed, rounds, stop.signal),
  kills: (seed, rounds) => soakKills(seed, rounds, stop.signal),
}

let exitCode = 0
for (const name of soakNames.filter((name) => !options.only || options.only === name)) {
  if (stop.signal.aborted) break
  try {
    console.log(await soaks[name](options.seed, options.rounds ?? usualRounds[name]))
  } catch (error) {
    console.error(`${name} FAILED:`, error)
    exitCode = 1
  }
}
process.exit(stop.signal.aborted ? 1 : exitCode)
