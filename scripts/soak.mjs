// Sets up what is missing, builds what changed, and runs the long tests: npm run soak -- [--seed N] [--rounds N] [--only kills]
import { spawn } from 'node:child_process'
import { buildAll } from './setup/build.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp({ forTests: true })
await buildAll()
const soak = spawn(process.execPath, ['--import', 'tsx', 'scripts/soak/run.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
// Ctrl-C reaches the soak by itself, being in the same terminal; it ends what it started, then we end with its exit code
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => soak.kill('SIGTERM'))
soak.once('exit', (exitCode) => process.exit(exitCode ?? 1))
