import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDemoMongo } from '@/scripts/servers/demo-mongo'
import { type ExchangeResult, openExchangeRig, runExchangeRound } from './exchange-round'
import { Progress } from './progress'

/** Rounds of restores in place whose process is killed with -9, at every step in turn; goes on where an earlier start ended. */
export async function soakExchanges(seed: number, rounds: number, stop: AbortSignal): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'talekeeper-exchanges-'))
  const progress = new Progress<ExchangeResult>(seed, 'exchanges')
  const mongodb = await startDemoMongo(join(folder, 'mongodb'))
  const open = await openExchangeRig(mongodb.url)
  try {
    for (let round = progress.read().length; round < rounds && !stop.aborted; round++) {
      const result = await runExchangeRound(open, seed, round).catch((cause: unknown) => {
        throw new Error(`round ${round} of seed ${seed} failed`, { cause })
      })
      progress.add(result)
      if ((round + 1) % 20 === 0) console.log(`exchanges ${round + 1}/${rounds}`)
    }
  } finally {
    await open.stop()
    await mongodb.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return summaryOf(progress.read(), open.reports)
}

function summaryOf(results: ExchangeResult[], reports: number): string {
  const count = (of: (result: ExchangeResult) => boolean) => results.filter(of).length
  return [
    `exchanges: ${results.length} kills -9 over ${reports} steps, 0 mixtures`,
    `  led back: ${count(({ end }) => end === 'old')}, led forward and undone: ${count(({ end }) => end === 'new')}`,
    `  killed once more while recovering: ${count(({ killedTwice }) => killedTwice)}`,
  ].join('\n')
}
