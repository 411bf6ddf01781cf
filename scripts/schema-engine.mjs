#!/usr/bin/env node
// Stands in for Prisma's schema-engine binary, which npm does not carry: answers its JSON-RPC over stdio with
// @prisma/schema-engine-wasm on SQLite. Only for developers; a running Talekeeper applies committed migrations by lib/migrate.ts.
import { readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'

const require = createRequire(import.meta.url)
const args = process.argv.slice(2)
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
const valuesOf = (flag) => args.flatMap((arg, i) => (arg === flag ? [args[i + 1]] : []))

const url = JSON.parse(valuesOf('--datasource')[0] ?? '{}').url ?? ':memory:'
const file = url.replace(/^file:/, '')
const wipe = () => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
}

if (args.includes('cli')) {
  if (args.includes('drop-database')) wipe()
  process.exit(0) // can-connect and create-database need nothing done
}

const migrationsTable = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" ("id" TEXT PRIMARY KEY NOT NULL,
  "checksum" TEXT NOT NULL, "finished_at" DATETIME, "migration_name" TEXT NOT NULL, "logs" TEXT, "rolled_back_at" DATETIME,
  "started_at" DATETIME NOT NULL DEFAULT current_timestamp, "applied_steps_count" INTEGER UNSIGNED NOT NULL DEFAULT 0)`

/** The engine replays whole migration files through queryRaw and executeRaw, which take one statement only. */
function takesScripts(adapter) {
  const noResult = { executeRaw: 0, queryRaw: { columnNames: [], columnTypes: [], rows: [] } }
  for (const name of Object.keys(noResult)) {
    const single = adapter[name].bind(adapter)
    adapter[name] = async (query) => {
      try {
        return await single(query)
      } catch (error) {
        if (!/more than one statement/.test(`${error?.message} ${error?.cause?.message}`)) throw error
        await adapter.executeScript(query.sql)
        return noResult[name]
      }
    }
  }
  return adapter
}

const adapter = new PrismaBetterSqlite3({ url })
const connections = []
const driver = {
  provider: adapter.provider,
  adapterName: adapter.adapterName,
  connect: async () => {
    const connection = takesScripts(await adapter.connect())
    connections.push(connection)
    return connection
  },
  connectToShadowDb: async () => takesScripts(await adapter.connectToShadowDb()),
}

globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (text) => process.stderr.write(`${text}\n`) }
const folder = dirname(require.resolve('@prisma/schema-engine-wasm'))
const bindings = await import(join(folder, 'schema_engine_bg.js'))
const { instance } = await WebAssembly.instantiate(readFileSync(join(folder, 'schema_engine_bg.wasm')), {
  './schema_engine_bg.js': bindings,
})
bindings.__wbg_set_wasm(instance.exports)
instance.exports.__wbindgen_start()

const factory = require('@prisma/driver-adapter-utils').bindMigrationAwareSqlAdapterFactory(driver)
const datamodels = valuesOf('--datamodels').map((path) => [path, readFileSync(path, 'utf8')])
const start = () =>
  bindings.SchemaEngine.new({ datamodels: datamodels.length ? datamodels : undefined }, () => {}, factory)

let engine
let startError // reported with each answer: where the engine just dies, the CLI may exit 0
try {
  engine = await start()
} catch (error) {
  startError = error
}

async function answer(method, params) {
  if (startError) throw startError
  // in WASM a missing migrations table is an error (P1014), not "none applied yet"
  if (/^(devDiagnostic|diagnoseMigrationHistory|createMigration|evaluateDataLoss)$/.test(method))
    await connections.at(-1).executeScript(migrationsTable)
  if (method === 'reset') {
    // the engine's own reset leaves tables standing
    await connections.at(-1).dispose()
    wipe()
    engine = await start()
    return {}
  }
  const result = (await engine[method](params)) ?? {}
  if (method === 'diff' && result.stdout) send({ id: 0, method: 'print', params: { content: result.stdout } })
  return result
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line || '{}')
  if (!method) continue
  try {
    send({ id, result: await answer(method, params) })
  } catch (error) {
    const errorId = /External error id#(\d+)/.exec(error?.message ?? '')?.[1]
    const cause = errorId && factory.errorRegistry.consumeError(Number(errorId))?.error
    const message = `${error?.message ?? error}${cause ? `: ${cause.message}` : ''}`
    const data = { is_panic: false, message, meta: null, error_code: error?.code ?? null }
    send({ id, error: { code: 4466, message: 'error', data } })
  }
}
