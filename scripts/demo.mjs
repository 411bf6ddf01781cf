// Sets up what is missing, builds what changed, and runs the demo.
import { spawn } from 'node:child_process'
import { buildAll } from './setup/build.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp({ forTests: false })
await buildAll()
const demo = spawn(process.execPath, ['--import', 'tsx', 'scripts/demo.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// Ctrl-C reaches the demo by itself, being in the same terminal; it ends what it started, then we end with its exit code
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => demo.kill('SIGTERM'))
demo.once('exit', (exitCode) => process.exit(exitCode ?? 1))
