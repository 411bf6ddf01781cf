// Builds what is missing, seeds a few instances, and takes the pictures of every page for docs/screenshots.
import { spawn } from 'node:child_process'
import { buildAll } from './setup/build.mjs'
import { setUp } from './setup/set-up.mjs'

await setUp({ forTests: true })
await buildAll()
const pictures = spawn(process.execPath, ['--import', 'tsx', 'scripts/screenshots/take-all.ts'], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => pictures.kill('SIGTERM'))
pictures.once('exit', (exitCode) => process.exit(exitCode ?? 1))
