import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { onceFor } from './setup/stamp.mjs'

const outfile = 'dist/talekeeper-worker.mjs'
const inputs = ['worker', 'engine', 'protocol', 'lib', 'package.json', 'package-lock.json', 'tsconfig.json']

/** The MongoDB driver loads these when they are installed; without them it does what we need. */
const optionalModules = [
  'kerberos',
  'snappy',
  '@mongodb-js/zstd',
  'mongodb-client-encryption',
  'aws4',
  'socks',
  'gcp-metadata',
]

/** The worker as one executable file that needs Node and nothing beside it. */
await onceFor('build-worker', [...inputs, 'scripts/build-worker.mjs'], existsSync(outfile), async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  await build({
    entryPoints: ['worker/talekeeper-worker.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    define: { talekeeperVersion: JSON.stringify(version) },
    external: [...optionalModules, '@aws-sdk/credential-providers'],
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
  chmodSync(outfile, 0o755)
})
