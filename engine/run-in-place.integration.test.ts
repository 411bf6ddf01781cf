import { execFileSync } from 'node:child_process'
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { serialize } from 'bson'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { MongoServer } from '@/lib/mongo-driver'
import type { EventBody } from '@/protocol/events'
import type { BackupSpec, InPlaceSpec } from '@/protocol/specs'
import { Cancelled } from './context'
import { InPlaceRig } from './in-place-rig'
import { previewInPlace } from './preview-in-place'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { dropBeside, undo } from './restore/in-place/lead-to-end'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'

/** Real rclone, zstd, tar, filesystem and MongoDB-compatible server. */
let trial: TrialRemote
let rig: InPlaceRig
let backup: BackupSpec
let server: MongoServer

const at = (name: string) => join(rig.sourceFolder, name)
const insert = (collection: string, documents: object[]) =>
  server.insertRaw(
    rig.database,
    collection,
    documents.map((one) => serialize(one)),
  )

beforeEach(async () => {
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, inject('mongodbUrl'))
  server = await MongoServer.connect(inject('mongodbUrl'))
  for (const home of ['ada', 'ben']) {
    mkdirSync(at(`homes/${home[0]}/${home}`), { recursive: true })
    writeFileSync(at(`homes/${home[0]}/${home}/data`), `of ${home}\n`.repeat(1000))
  }
  mkdirSync(at('versions'))
  linkSync(at('homes/a/ada/data'), at('versions/of-ada'))
  symlinkSync('/nowhere', at('versions/dangling'))
  await insert('user', [
    { _id: 1, login: 'ada' },
    { _id: 2, login: 'ben' },
  ])
  await insert('item', [{ _id: 1, name: 'one' }])
  await server.createIndexes(rig.database, 'user', [
    new Map<string, unknown>([
      ['key', new Map([['login', 1]])],
      ['name', 'login_1'],
    ]),
  ])
  backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())
})
afterEach(async () => {
  await rig.dropDatabase()
  await server.close()
  rig.close()
  await trial.stop()
})

/** What people did since the backup, and want to be without. */
async function spoil(): Promise<void> {
  writeFileSync(at('homes/a/ada/data'), 'spoilt')
  rmSync(at('homes/b'), { recursive: true })
  mkdirSync(at('new'))
  writeFileSync(at('new/file'), 'made since')
  rmSync(at('versions/dangling'))
  await insert('user', [{ _id: 3, login: 'eve' }])
  await server.dropCollection(rig.database, 'item')
  await insert('made-since', [{ _id: 1 }])
}

async function stateNow() {
  return { tree: await rig.tree(), documents: await rig.documents() }
}
const genuine = (documents: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(documents).filter(([name]) => !/__(?:tk|old|late)_/.test(name)))
const restore = (changes: Partial<InPlaceSpec> = {}) => {
  const spec = rig.inPlaceSpec(backup, changes)
  return { spec, done: runInPlace(spec, rig.inPlaceContext()) }
}

it('everything comes back in place, can be undone, and what is beside can be dropped', async () => {
  const good = await stateNow()
  await spoil()
  const spoilt = await stateNow()
  const { spec, done } = restore()
  expect(await done).toBe('succeeded')
  const restored = await stateNow()
  expect(restored.tree).toBe(good.tree)
  expect(genuine(restored.documents)).toEqual(good.documents)
  expect(execFileSync('stat', ['-c', '%h', at('versions/of-ada')]).toString()).toBe('2\n')
  const indexes = await server.listIndexes(rig.database, 'user')
  expect(indexes.map((index) => Buffer.from(index).includes('login_1'))).toContain(true)
  expect(rig.last('exchange').exchange).toMatchObject({ state: 'swapped', paths: 3, collections: 3 })

  expect(await undo(rig.endOptions(spec.restoreId))).toBe('undone')
  const undone = await stateNow()
  expect(undone.tree).toBe(spoilt.tree)
  expect(genuine(undone.documents)).toEqual(spoilt.documents)

  expect(await dropBeside(rig.endOptions(spec.restoreId))).toBe('dropped')
  expect(await stateNow()).toEqual(spoilt)
  expect(rig.left()).toEqual([])
})

describe('where nothing may stand', () => {
  const intoEmpty = (context = rig.inPlaceContext()) => {
    const { target, ...spec } = rig.inPlaceSpec(backup)
    return runInPlace({ ...spec, target: { ...target, requireEmpty: true } }, context)
  }
  const clear = async () => {
    for (const name of readdirSync(rig.sourceFolder)) rmSync(at(name), { recursive: true })
    await server.dropDatabase(rig.database)
  }

  it('what stands is named, and nothing is touched', async () => {
    for (const name of ['a1', 'a2', 'a3', 'a4']) writeFileSync(at(name), '')
    await server.createCollection(rig.database, 'empty')
    const before = await stateNow()
    const refusal = await intoEmpty().catch((error: unknown) => error)
    expect(refusal).toMatchObject({ code: 'target-not-empty' })
    expect(String(refusal)).toContain(`${rig.sourceFolder} (a1, a2, a3, a4, homes and 1 more), the database`)
    expect(String(refusal)).toMatch(/the database \S+ \((?:item, user|user, item)\)\. Nothing was changed/)
    expect(await stateNow()).toEqual(before)
    expect(rig.left()).toEqual([])
  })

  it('one document is something, and so is one file', async () => {
    await clear()
    await insert('user', [{ _id: 9 }])
    await expect(intoEmpty()).rejects.toThrow(/its own: the database \S+ \(user\)\./)
    await clear()
    writeFileSync(at('note'), '')
    await expect(intoEmpty()).rejects.toThrow(/its own: \S+ \(note\)\./)
  })

  it('empty folders and collections are nothing, nor is what a failed restore was led back from', async () => {
    const good = await stateNow()
    await clear()
    await server.createCollection(rig.database, 'user')
    const requestSwap = () => Promise.reject(new Cancelled())
    await expect(intoEmpty(rig.inPlaceContext({ requestSwap }))).rejects.toBeInstanceOf(Cancelled)
    expect(await intoEmpty()).toBe('succeeded')
    const restored = await stateNow()
    expect(restored.tree).toBe(good.tree)
    expect(genuine(restored.documents)).toEqual(good.documents)
  })
})

it('a selection exchanges what was chosen, with the folders above that are missing, and nothing beside it', async () => {
  const good = await stateNow()
  await spoil()
  const spoilt = await stateNow()
  const path = Buffer.from(at('homes/b/ben')).subarray(1).toString('base64')
  const { spec, done } = restore({
    artifacts: ['files.tar.zst', 'mongo.archive.zst'],
    selection: {
      paths: [{ artifact: 'files.tar.zst', paths: [path] }],
      namespaces: [{ database: rig.database, collection: 'item' }],
    },
  })
  await done
  const ofBen = (tree: string) => tree.split('\n').filter((line) => line.includes('homes/b'))
  expect(ofBen(await rig.tree())).toEqual(ofBen(good.tree))
  const others = (tree: string) => tree.split('\n').filter((line) => !line.includes('homes/b'))
  expect(others(await rig.tree())).toEqual(others(spoilt.tree))
  expect(genuine(await rig.documents())).toEqual({ ...spoilt.documents, item: good.documents.item })
  await undo(rig.endOptions(spec.restoreId))
  await dropBeside(rig.endOptions(spec.restoreId))
  expect(await stateNow()).toEqual(spoilt)
})

it('what the backup left out by wish stays where it stands: at the root, deep inside, and in a folder that the backup does not have', async () => {
  const caches = ['cache', 'homes/a/ada/cache', 'only-here/deep/cache'].map(at)
  const source = { ...rig.treeSource(), exclude: caches }
  const without = rig.backupSpec({ sources: [source] })
  for (const cache of caches.slice(0, 2)) {
    mkdirSync(cache)
    writeFileSync(join(cache, 'kept'), 'no backup has this')
  }
  await runBackup(without, rig.context())
  const good = await rig.tree()
  writeFileSync(at('homes/a/ada/data'), 'spoilt')
  mkdirSync(caches[2] ?? '', { recursive: true })
  writeFileSync(at('only-here/deep/cache/kept'), 'no backup has this')
  writeFileSync(at('only-here/deep/other'), 'made since')
  writeFileSync(at('cache/new'), 'made since, in what is left out')
  const spoilt = await rig.tree()
  const spec = rig.inPlaceSpec(without)
  const preview = await previewInPlace(spec, rig.inPlaceContext())
  expect(preview.trees[0]?.named.removed.join()).not.toContain('cache')
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('succeeded')
  const contentOf = (tree: string) =>
    tree
      .split('\n')
      .filter((line) => /^[0-9a-f]{64} /.test(line))
      .map((line) => line.slice(66))
  expect(contentOf(await rig.tree()).sort()).toEqual(
    [...contentOf(good), './cache/new', './only-here/deep/cache/kept'].sort(),
  )
  expect(readFileSync(at('homes/a/ada/data'), 'utf8')).toContain('of ada')
  await undo(rig.endOptions(spec.restoreId))
  expect(await rig.tree()).toBe(spoilt)
  await dropBeside(rig.endOptions(spec.restoreId))
  expect(await rig.tree()).toBe(spoilt)
})

describe('nothing was changed, and nothing is left', () => {
  let before: Awaited<ReturnType<typeof stateNow>>
  beforeEach(async () => {
    await spoil()
    before = await stateNow()
  })
  async function refusal(spec: InPlaceSpec, context = rig.inPlaceContext()): Promise<unknown> {
    const error = await runInPlace(spec, context).then(
      () => 'nothing',
      (reason: unknown) => reason,
    )
    expect(rig.left()).toEqual([])
    return error
  }

  it.each(['preflight', 'fetch', 'files', 'mongodb', 'go'])('when it is cancelled in %s', async (phase) => {
    const cancelled = new Cancelled()
    const report = (event: EventBody) => {
      rig.events.push(event)
      if (event.type === 'phase' && event.phase === phase && event.state === 'started')
        setImmediate(() => rig.controller.abort(cancelled))
    }
    expect(await refusal(rig.inPlaceSpec(backup), rig.inPlaceContext({ report }))).toBe(cancelled)
    expect(await stateNow()).toEqual(before)
  })

  it('when a file was written while the restore waited for its go', async () => {
    const requestSwap = async () => writeFileSync(at('homes/a/ada/data'), 'written meanwhile')
    const error = await refusal(rig.inPlaceSpec(backup), rig.inPlaceContext({ requestSwap }))
    expect(error).toMatchObject({ code: 'writes-seen', where: expect.stringContaining('homes/a/ada/data') })
    expect(genuine(await rig.documents())).toEqual(before.documents)
  })

  it('when a document was written while the restore waited for its go', async () => {
    const requestSwap = async () => void (await insert('user', [{ _id: 4, login: 'late' }]))
    const error = await refusal(rig.inPlaceSpec(backup), rig.inPlaceContext({ requestSwap }))
    expect(error).toMatchObject({ code: 'writes-seen', where: `${rig.database}.user` })
    expect(await rig.tree()).toBe(before.tree)
  })

  it('when something was written since the safety backup', async () => {
    const safety = rig.backupSpec({ kind: 'safety', sources: [rig.mongodbSource(), rig.treeSource()] })
    const restoring = rig.inPlaceSpec(backup)
    await runBackup(safety, rig.context())
    const reference = { id: safety.backupId, instance: rig.instance, folder: rig.folder(), manifestSha256: null }
    const target = { ...restoring.target, safety: reference }
    await insert('user', [{ _id: 5, login: 'after' }])
    expect(await refusal({ ...restoring, target })).toMatchObject({ code: 'writes-seen' })
  })

  it('when a link stands where a folder of the backup was', async () => {
    const elsewhere = join(rig.work, 'elsewhere')
    mkdirSync(elsewhere)
    renameSync(at('homes/a'), join(rig.work, 'kept'))
    symlinkSync(elsewhere, at('homes/a'))
    const path = Buffer.from(at('homes/a/ada')).subarray(1).toString('base64')
    const selection = { paths: [{ artifact: 'files.tar.zst', paths: [path] }], namespaces: null }
    const spec = rig.inPlaceSpec(backup, { artifacts: ['files.tar.zst'], selection })
    expect(await refusal(spec)).toMatchObject({ code: 'link-in-the-way' })
    expect(execFileSync('ls', ['-A', elsewhere]).toString()).toBe('')
  })

  it('when a program has a file open for writing', async () => {
    const descriptor = openSync(at('homes/a/ada/data'), 'a')
    expect(await refusal(rig.inPlaceSpec(backup))).toMatchObject({ code: 'open-files' })
    closeSync(descriptor)
    expect(await stateNow()).toEqual(before)
  })

  it('when the policy of the host does not allow it, or not there', async () => {
    rig.policy = { ...rig.policy, inPlaceRestore: false }
    expect(await refusal(rig.inPlaceSpec(backup))).toMatchObject({ code: 'outside-policy' })
    rig.policy = { ...rig.policy, inPlaceRestore: true, sourceRoots: ['/srv'] }
    expect(await refusal(rig.inPlaceSpec(backup))).toMatchObject({ code: 'outside-policy' })
    expect(await stateNow()).toEqual(before)
  })

  it('when the server does not rename a collection that it has', async () => {
    await insert('odd names.and dots', [{ _id: 1 }])
    const odd = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
    await runBackup(odd, rig.context())
    before = await stateNow()
    const error = await runInPlace(rig.inPlaceSpec(odd), rig.inPlaceContext()).then(
      () => null,
      (reason: unknown) => reason,
    )
    // a genuine MongoDB renames it
    if (error === null) return
    expect(error).toMatchObject({ code: 'collection-not-renamable' })
    expect(rig.left()).toEqual([])
    expect(await stateNow()).toEqual(before)
  })

  it('when the folder could be meddled with by others', async () => {
    execFileSync('chmod', ['0777', rig.sourceFolder])
    expect(await refusal(rig.inPlaceSpec(backup))).toMatchObject({ code: 'foreign-folder-owner' })
  })
})

it('while an earlier restore keeps its old copy, a second one of the same place is refused, and of another place not', async () => {
  const path = (name: string) => Buffer.from(at(name)).subarray(1).toString('base64')
  const choose = (name: string): Partial<InPlaceSpec> => ({
    artifacts: ['files.tar.zst'],
    selection: { paths: [{ artifact: 'files.tar.zst', paths: [path(name)] }], namespaces: null },
  })
  const first = restore(choose('homes/a'))
  await first.done
  await expect(restore(choose('homes/a/ada')).done).rejects.toMatchObject({ code: 'restore-kept-beside' })
  const second = restore(choose('versions'))
  await second.done
  for (const { spec } of [second, first]) await undo(rig.endOptions(spec.restoreId))
  for (const { spec } of [second, first]) await dropBeside(rig.endOptions(spec.restoreId))
  expect(rig.left()).toEqual([])
})

it('programs that the policy names stop the writers before, and start them again on every way out', async () => {
  const mark = (word: string) => ['sh', '-c', `echo ${word} >> ${rig.work}/writers`]
  rig.policy = { ...rig.policy, writers: { stop: mark('stop'), start: mark('start') } }
  const spec = rig.inPlaceSpec(backup)
  const target = { ...spec.target, writers: 'command' as const }
  await runInPlace({ ...spec, target }, rig.inPlaceContext())
  const requestSwap = () => Promise.reject(new Cancelled())
  const other = rig.inPlaceSpec(backup, { target })
  await expect(runInPlace(other, rig.inPlaceContext({ requestSwap }))).rejects.toMatchObject({
    code: 'restore-kept-beside',
  })
  await undo(rig.endOptions(spec.restoreId))
  await dropBeside(rig.endOptions(spec.restoreId))
  await expect(runInPlace(other, rig.inPlaceContext({ requestSwap }))).rejects.toBeInstanceOf(Cancelled)
  expect(execFileSync('cat', [`${rig.work}/writers`]).toString()).toBe('stop\nstart\nstop\nstart\n')
})
