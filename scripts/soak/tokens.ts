import { Progress } from './progress'
import { openTokenRig } from './token-rig'
import { runTokenRound, type TokenResult } from './token-round'

/** Rounds of workers that want an access token while brokers die and the provider misbehaves, going on where an earlier start ended. */
export async function soakTokens(seed: number, rounds: number, stop: AbortSignal): Promise<string> {
  const progress = new Progress<TokenResult>(seed, 'tokens')
  const rig = await openTokenRig()
  try {
    for (let round = progress.read().length; round < rounds && !stop.aborted; round++) {
      const result = await runTokenRound(rig, seed, round).catch((cause: unknown) => {
        throw new Error(`round ${round} of seed ${seed} failed`, { cause })
      })
      progress.add(result)
      if ((round + 1) % 50 === 0) console.log(`tokens ${round + 1}/${rounds}`)
    }
  } finally {
    await rig.stop()
  }
  return summaryOf(progress.read())
}

function summaryOf(results: TokenResult[]): string {
  const count = (of: (result: TokenResult) => string) => {
    const counts = new Map<string, number>()
    for (const result of results) counts.set(of(result), (counts.get(of(result)) ?? 0) + 1)
    return [...counts].sort(([a], [b]) => a.localeCompare(b)).map(([key, times]) => `${key} × ${times}`)
  }
  return [
    `tokens: ${results.length} rounds, 0 lost`,
    `  outcomes: ${count(({ outcome }) => outcome).join('; ')}`,
    `  faults: ${count(({ fault }) => fault).join('; ')}`,
    `  kill -9: ${count(({ killed }) => killed).join('; ')}`,
    `  of these between the provider's answer and our commit: ${results.filter(({ diedBetween }) => diedBetween).length}`,
  ].join('\n')
}
