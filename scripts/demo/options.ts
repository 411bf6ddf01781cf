import { resolve } from 'node:path'

export type DemoOptions = { folder: string; once: boolean; reset: boolean; withFakeBox: boolean; megabytes: number }

const words = ['--once', '--reset', '--with-fake-box']

/** Of the command line: `--once`, `--reset`, `--with-fake-box`; of the environment: DEMO_SIZE_MB. Ends the process with a text when they are off. */
export function parseOptions(given: string[], environment: NodeJS.ProcessEnv): DemoOptions {
  const unknown = given.filter((word) => !words.includes(word))
  const megabytes = Number(environment.DEMO_SIZE_MB ?? 150)
  if (unknown.length || !(megabytes >= 1 && megabytes <= 1_000_000)) {
    console.error(
      'Usage: npm run demo [-- --once] [-- --reset] [-- --with-fake-box]      DEMO_SIZE_MB=150 sets the size of the sample',
    )
    process.exit(2)
  }
  return {
    ...{ folder: resolve('.demo'), megabytes },
    once: given.includes('--once'),
    reset: given.includes('--reset'),
    withFakeBox: given.includes('--with-fake-box'),
  }
}
