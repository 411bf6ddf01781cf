// Sets up what is missing, then runs every check there is. Ends with one line of totals.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { buildAll } from './setup/build.mjs'
import { setUp } from './setup/set-up.mjs'
import { run, say } from './setup/terminal.mjs'

const results = '.cache/test-results'
const unitResults = `${results}/vitest.json`
const endToEndResults = `${results}/playwright.json`

const checks = [
  { name: 'lint: rules, rooms and cycles', program: 'npx', args: ['biome', 'lint', '--error-on-warnings', '.'] },
  { name: 'lint: format', program: 'npx', args: ['biome', 'format', '.'] },
  { name: 'lint: nothing unused', program: 'npx', args: ['knip'] },
  { name: 'types', program: 'npx', args: ['tsc', '--noEmit'] },
  {
    name: 'migrations match the schema',
    program: 'npx',
    args: [
      'prisma',
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ],
  },
]

await setUp({ forTests: true })
await buildAll()
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })

const failed = []
for (const check of checks) await attempt(check.name, () => run(check.program, check.args, { quiet: true }))
await attempt('unit and integration tests', () =>
  run('npx', ['vitest', 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${unitResults}`]),
)
await attempt('end-to-end tests', () =>
  run('npx', ['playwright', 'test', '--reporter=list,json'], { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: endToEndResults } }),
)
report()

async function attempt(name, work) {
  const start = Date.now()
  try {
    await work()
    say(`ok      ${name} (${Math.round((Date.now() - start) / 1000)} s)`)
  } catch (error) {
    failed.push(name)
    say(`FAILED  ${name}: ${error.message}`)
  }
}

/** A check that failed without a failed test (lint, a crash) counts as one failure, so that the totals never look clean. */
function report() {
  const unit = readJson(unitResults)
  const endToEnd = readJson(endToEndResults)?.stats
  const passed = (unit?.numPassedTests ?? 0) + (endToEnd?.expected ?? 0)
  const skipped = (unit?.numPendingTests ?? 0) + (unit?.numTodoTests ?? 0) + (endToEnd?.skipped ?? 0)
  const failures = (unit?.numFailedTests ?? 0) + (endToEnd?.unexpected ?? 0) + (endToEnd?.flaky ?? 0)
  if (failed.length) say(`failed: ${failed.join('; ')}`)
  console.log(`${passed} passed, ${Math.max(failures, failed.length)} failed, ${skipped} skipped`)
  process.exit(failed.length || passed === 0 ? 1 : 0)
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
