import { resolve } from 'node:path'

export type DemoOptions = { folder: string; once: boolean; reset: boolean; megabytes: number }

/** Of the command line: `--once`, `--reset`; of the environment: DEMO_SIZE_MB. Ends the process with a text when they are off. */
export function parseOptions(words: string[], environment: NodeJS.ProcessEnv): DemoOptions {
  const unknown = words.filter((word) => !['--once', '--reset'].includes(word))
  const megabytes = Number(environment.DEMO_SIZE_MB ?? 150)
  if (unknown.length || !(megabytes >= 1 && megabytes <= 1_000_000)) {
    console.error('Usage: npm run demo [-- --once] [-- --reset]      DEMO_SIZE_MB=150 sets the size of the sample')
    process.exit(2)
  }
  return { folder: resolve('.demo'), once: words.includes('--once'), reset: words.includes('--reset'), megabytes }
}
