import { cpSync, existsSync } from 'node:fs'
import { onceFor } from './stamp.mjs'
import { run, say } from './terminal.mjs'

const controlPlaneSources = [
  'core',
  'lib',
  'protocol',
  'prisma/schema.prisma',
  'prisma/migrations',
  'package-lock.json',
  'tsconfig.json',
]
const webSources = [
  ...controlPlaneSources,
  'app',
  'components',
  'next.config.ts',
  'proxy.ts',
  'instrumentation.ts',
  'postcss.config.mjs',
]

/** Builds web (.next/standalone), control (dist/control.mjs) and the worker (dist/talekeeper-worker.mjs), each only when its sources changed. */
export async function buildAll() {
  await run('node', ['scripts/build-worker.mjs'], { quiet: true })
  await onceFor('build-control', [...controlPlaneSources, 'worker'], existsSync('dist/control.mjs'), () =>
    run('node', ['scripts/build-control.mjs'], { quiet: true }),
  )
  await onceFor('build-web', webSources, existsSync('.next/standalone/server.js'), buildWeb)
}

async function buildWeb() {
  say('building the web application (half a minute, once)')
  await run('npx', ['next', 'build'], { quiet: true, env: { NEXT_TELEMETRY_DISABLED: '1' } })
  // the standalone server serves these but does not copy them
  cpSync('.next/static', '.next/standalone/.next/static', { recursive: true })
}
