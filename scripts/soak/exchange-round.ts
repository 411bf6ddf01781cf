import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { serialize } from 'bson'
import { build } from 'esbuild'
import { InPlaceRig } from '@/engine/in-place-rig'
import { localRemote } from '@/engine/remote/loopback-servers'
import { dropBeside, undo } from '@/engine/restore/in-place/lead-to-end'
import { runBackup } from '@/engine/run-backup'
import { MongoServer } from '@/lib/mongo-driver'
import type { FixUps } from '@/protocol/fix-ups'
import type { BackupSpec } from '@/protocol/specs'
import { SeededRandom } from '@/scripts/sample/random'
import type { ExchangeOrder } from './exchange-child'

const homes = ['ada', 'ben', 'cleo']
const collections = ['user', 'item', 'token']
const cookieDomain = { key: 'core.cookie_domain' as const, value: '.testing.example.org' }

type State = { tree: string; documents: Record<string, string[]> }
export type ExchangeRig = {
  rig: InPlaceRig
  backup: BackupSpec
  /** what the backup holds, fixed up */
  good: State
  server: MongoServer
  /** reports of a run that nobody kills */
  reports: number
  stop: () => Promise<void>
}
export type ExchangeResult = {
  round: number
  killAt: number
  committed: boolean
  killedTwice: boolean
  end: 'old' | 'new'
}

/** An instance of a tree and a database with a backup of it. */
export async function openExchangeRig(mongodbUrl: string): Promise<ExchangeRig> {
  const trial = localRemote()
  const rig = new InPlaceRig(trial.remote, mongodbUrl)
  const server = await MongoServer.connect(mongodbUrl)
  await bundleChild(childOf(rig))
  for (const home of homes) {
    mkdirSync(join(rig.sourceFolder, home))
    for (const file of ['data', 'notes'])
      writeFileSync(join(rig.sourceFolder, home, file), `${file} of ${home}\n`.repeat(500))
  }
  for (const collection of collections) await insert(server, rig.database, collection, [1, 2, 3])
  await server.insertRaw(rig.database, 'setting', [serialize({ ...cookieDomain, _id: 1, value: '.example.org' })])
  const backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())
  const stop = async () => {
    await rig.dropDatabase()
    await server.close()
    rig.close()
    await trial.stop()
  }
  const before = await stateOf(rig)
  const open: ExchangeRig = { rig, backup, good: before, server, reports: 0, stop }
  const order = orderOf(open, { recovers: false, killAt: null, delayMilliseconds: 0 })
  open.reports = (await runChild(open, order)) ?? 0
  open.good = await stateOf(rig)
  if (isSame(open.good, before)) throw new Error('no fix-up changed anything')
  await undo(rig.endOptions(order.spec.restoreId))
  await dropBeside(rig.endOptions(order.spec.restoreId))
  return open
}

/**
 * Spoils the instance, restores it in place by a process that is killed with -9 at a seeded moment, recovers (killed once more now
 * and then), and throws unless everything is exactly as it was or exactly as in the backup with its fix-ups, can be undone, and leaves nothing.
 */
export async function runExchangeRound(open: ExchangeRig, seed: number, round: number): Promise<ExchangeResult> {
  const random = new SeededRandom(seed * 100_003 + round)
  const { rig } = open
  await spoil(open, random)
  const old = await stateOf(rig)
  // each report of a run in turn, so that no step is left out
  const killAt = 1 + (round % open.reports)
  const delayMilliseconds = random.below(3) === 0 ? 0 : random.below(12)
  const order = orderOf(open, { recovers: false, killAt, delayMilliseconds })
  await runChild(open, order)
  const committed = isCommitted(rig, order.spec.restoreId)
  const killedTwice = random.below(3) === 0
  if (killedTwice)
    await runChild(open, { ...order, recovers: true, killAt: 1 + random.below(6), delayMilliseconds: random.below(4) })
  await runChild(open, { ...order, recovers: true, killAt: null })
  const state = await stateOf(rig)
  const end = isSame(state, open.good) && committed ? 'new' : 'old'
  if (end === 'old' && !isSame(state, old)) throw mixture(round, killAt, state, committed ? open.good : old)
  if (committed && end !== 'new') throw new Error(`round ${round}: committed, and yet led back`)
  if (end === 'new') {
    await undo(rig.endOptions(order.spec.restoreId))
    await dropBeside(rig.endOptions(order.spec.restoreId))
    const undone = await stateOf(rig)
    if (!isSame(undone, old)) throw mixture(round, killAt, undone, old)
  }
  if (rig.left().length > 0) throw new Error(`round ${round}: left behind: ${rig.left().join(', ')}`)
  return { round, killAt, committed, killedTwice, end }
}

function orderOf(
  { rig, backup }: ExchangeRig,
  how: Pick<ExchangeOrder, 'recovers' | 'killAt' | 'delayMilliseconds'>,
): ExchangeOrder {
  const folders = { spool: join(rig.work, 'spool'), temporary: join(rig.work, 'temporary'), inPlace: rig.inPlaceFolder }
  return { spec: rig.inPlaceSpec(backup, { fixUps: fixUpsOf(rig) }), policy: rig.policy, folders, ...how }
}

function fixUpsOf({ database }: InPlaceRig): FixUps {
  return {
    ...{ database, settings: [cookieDomain], emptied: ['token'], paths: [], assetstoreAddress: null },
    ...{ keptSettings: true, mailOff: false, clearsRegisteredData: false, administrator: null, pseudonyms: null },
  }
}

const childOf = ({ work }: InPlaceRig) => join(work, 'exchange-child.mjs')

/** As one file it starts in a fraction of the time. */
async function bundleChild(outfile: string): Promise<void> {
  await build({
    entryPoints: [resolve(import.meta.dirname, 'exchange-child.ts')],
    outfile,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'error' },
    external: [
      ...['kerberos', 'snappy', '@mongodb-js/zstd', 'mongodb-client-encryption', 'aws4', 'socks'],
      'gcp-metadata',
    ],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  })
}

/** The reports that it counted; null when it was killed. Throws when it failed of itself. */
async function runChild({ rig }: ExchangeRig, order: ExchangeOrder): Promise<number | null> {
  const file = join(rig.work, 'order.json')
  writeFileSync(file, JSON.stringify(order), { mode: 0o600 })
  const output = await new Promise<string | null>((resolvePromise, reject) => {
    execFile(
      process.execPath,
      [childOf(rig), file],
      { cwd: resolve(import.meta.dirname, '../..') },
      (error, stdout, stderr) => {
        if (error?.signal === 'SIGKILL') resolvePromise(null)
        else if (error) reject(new Error(stderr))
        else resolvePromise(stdout)
      },
    )
  })
  for (const folder of [order.folders.spool, order.folders.temporary])
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true })
  return output === null ? null : Number(JSON.parse(output).reports)
}

function isCommitted({ inPlaceFolder }: InPlaceRig, restoreId: string): boolean {
  const name = `${restoreId}.journal`
  return (
    readdirSync(inPlaceFolder).includes(name) &&
    readFileSync(join(inPlaceFolder, name), 'utf8').includes('"why":"commit"')
  )
}

async function spoil({ rig, server }: ExchangeRig, random: SeededRandom): Promise<void> {
  for (const home of readdirSync(rig.sourceFolder)) rmSync(join(rig.sourceFolder, home), { recursive: true })
  for (const home of [...homes, 'since'].filter(() => random.below(3) > 0)) {
    mkdirSync(join(rig.sourceFolder, home))
    writeFileSync(join(rig.sourceFolder, home, 'data'), `spoilt ${random.below(1000)}`)
  }
  for (const { name } of await server.listCollections(rig.database)) await server.dropCollection(rig.database, name)
  for (const collection of [...collections, 'since'].filter(() => random.below(3) > 0))
    await insert(server, rig.database, collection, [random.below(100) + 10, 200])
}

async function insert(server: MongoServer, database: string, collection: string, ids: number[]): Promise<void> {
  await server.insertRaw(
    database,
    collection,
    ids.map((_id) => serialize({ _id, of: collection })),
  )
}

async function stateOf(rig: InPlaceRig): Promise<State> {
  const documents = Object.entries(await rig.documents()).filter(([name]) => !/__(?:tk|old|late)_/.test(name))
  return { tree: await rig.tree(), documents: Object.fromEntries(documents.sort(([a], [b]) => a.localeCompare(b))) }
}

const isSame = (one: State, other: State) => JSON.stringify(one) === JSON.stringify(other)

function mixture(round: number, killAt: number, found: State, wanted: State): Error {
  return new Error(
    `round ${round}, killed at report ${killAt}: neither old nor new\n${JSON.stringify({ found, wanted }, null, 1)}`,
  )
}
