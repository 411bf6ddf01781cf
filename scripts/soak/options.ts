export const soakNames = ['archive', 'parts', 'damage', 'tokens', 'outbox', 'exchanges', 'kills'] as const
export type SoakName = (typeof soakNames)[number]
export type SoakOptions = { seed: number; rounds: number | null; only: SoakName | null }

/** Rounds of each soak when nobody says otherwise. */
export const usualRounds: Record<SoakName, number> = {
  ...{ archive: 2000, parts: 500, damage: 500, tokens: 1000, outbox: 200, exchanges: 200, kills: 100 },
}

const usage = `Usage: npm run soak [-- --seed N] [--rounds N] [--only ${soakNames.join('|')}]`

/** Of the command line. Ends the process with the usage when it is off. */
export function parseOptions(words: string[]): SoakOptions {
  const options: SoakOptions = { seed: 1, rounds: null, only: null }
  for (let index = 0; index < words.length; index += 2) {
    const [name, value = ''] = [words[index], words[index + 1]]
    const soak = soakNames.find((known) => known === value)
    if (name === '--seed' && /^\d{1,9}$/.test(value)) options.seed = Number(value)
    else if (name === '--rounds' && /^[1-9]\d{0,6}$/.test(value)) options.rounds = Number(value)
    else if (name === '--only' && soak) options.only = soak
    else endWithUsage()
  }
  return options
}

function endWithUsage(): never {
  console.error(usage)
  process.exit(2)
}
