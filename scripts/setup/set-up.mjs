import { existsSync } from 'node:fs'
import { installPackages } from './packages.mjs'
import { onceFor } from './stamp.mjs'
import { fail, run, say } from './terminal.mjs'

/** Everything that the demo (or the tests) need on this machine. Ends the process with exit 1 and a plain text where it cannot. */
export async function setUp({ forTests }) {
  checkNode()
  await installPackages({ forTests })
  checkGo()
  await onceFor('npm-ci', ['package-lock.json'], existsSync('node_modules/.bin/tsx'), async () => {
    say('installing npm packages (a minute or two, once)')
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  })
  await onceFor(
    'prisma-generate',
    ['prisma/schema.prisma', 'package-lock.json'],
    existsSync('prisma/generated/client.ts'),
    () => run('npx', ['prisma', 'generate'], { quiet: true }),
  )
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Node ${process.versions.node} is too old: Talekeeper needs 20.19 or newer.`)
}

/** Go builds the demo's MongoDB-compatible server, where there is no other. */
function checkGo() {
  if (process.env.DEMO_MONGODB_URL || onPath('mongod') || onPath('go')) return
  fail(
    'Neither mongod nor Go is on PATH. Install Go 1.24 or newer (https://go.dev/dl), or set DEMO_MONGODB_URL to a MongoDB server that may be filled with sample data.',
  )
}

function onPath(program) {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(`${folder}/${program}`))
}
