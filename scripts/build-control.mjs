import { build } from 'esbuild'

/** Control as one file; native modules stay outside and are found in node_modules. */
await build({
  entryPoints: ['worker/control.ts'],
  outfile: 'dist/control.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  external: ['better-sqlite3', '@node-rs/argon2'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
})
