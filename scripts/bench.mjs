// Sets up what is missing, builds the worker, and measures it against plain tools. `--quick` takes a small tree.
import { spawn } from 'node:child_process'
import { setUp } from './setup/set-up.mjs'
import { run } from './setup/terminal.mjs'

await setUp({ forTests: false })
await run('node', ['scripts/build-worker.mjs'], { quiet: true })
const bench = spawn(process.execPath, ['--import', 'tsx', 'bench/run.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill('SIGTERM'))
bench.once('exit', (exitCode) => process.exit(exitCode ?? 1))
