import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunContext, RunOutcome } from '@/engine/context'
import type { Engine } from '@/worker/fileserver/station'
import { printError } from './print'
import { run } from './run'
import { settingsOf } from './settings'

/**
 * A real worker process for tests, but with an engine that touches no remote: it leaves temporary files, reports once, and
 * then lasts until it is cancelled, so that a test decides when it is killed. Usage: rehearsal-worker.ts STATE POLICY
 */
const untilAborted = async ({ signal, temporaryFolder, spoolFolder, report }: RunContext): Promise<RunOutcome> => {
  writeFileSync(join(temporaryFolder, 'rclone.conf'), 'secret')
  writeFileSync(join(spoolFolder, 'part'), 'bytes')
  report({ type: 'log', level: 'info', text: 'under way' })
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
  throw signal.reason
}

const unused = () => Promise.reject(new Error('not part of the rehearsal'))

const engine: Engine = {
  runBackup: async (spec, context) => {
    if (spec.kind === 'scheduled') return untilAborted(context)
    return (await context.requestGo('{"format":1}')) ? 'succeeded' : 'warning'
  },
  runRestore: async (spec, context) => {
    mkdirSync(spec.target.folder, { mode: 0o700 })
    writeFileSync(join(spec.target.folder, 'restored'), 'bytes')
    return untilAborted(context)
  },
  runDiscard: async () => 'succeeded',
  runPrune: async () => 'succeeded',
  runInspection: async () => 'succeeded',
  runReplication: async () => 'succeeded',
  testRemote: async () => ({
    steps: [],
    hashes: ['sha1'],
    probeBytes: 1,
    quota: null,
    features: null,
    writerMay: null,
  }),
  checkRestore: async () => ({ lines: [] }),
  previewInPlace: unused,
  checkSource: async () => ({ facts: {} }),
  listFolder: async () => ({ folders: [], isWhole: true }),
  scanHostKey: async () => ({ keys: [] }),
  listBackends: async () => ({ version: '1.60.1', description: null, options: [] }),
  discover: async () => ({ databases: [], girder: [], assetstores: [], roots: [], isWhole: true }),
  ...{ runOlderRestore: unused, runInPlace: unused, endInPlace: unused, recoverInPlace: async () => [] },
  ...{ sendIndex: unused, sendFile: unused, sendFolder: unused },
  removeTree: async (folder) => {
    rmSync(folder, { recursive: true, force: true })
  },
}

const [state = '', policy = ''] = process.argv.slice(2)
try {
  await run({ heartbeatSeconds: 0.2 }, settingsOf({ state, policy, mongodbTools: [] }), engine)
  process.exit(0)
} catch (error) {
  printError(error)
  process.exit(1)
}
