// Builds what is missing, seeds three years of backups, and measures the dashboard's pages and the planning of due backups.
import { spawn } from 'node:child_process'
import { buildAll } from './setup/build.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp({ forTests: false })
await buildAll()
const bench = spawn(process.execPath, ['--import', 'tsx', 'bench/web.ts', ...process.argv.slice(2)], {
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill('SIGTERM'))
bench.once('exit', (exitCode) => process.exit(exitCode ?? 1))
