import { linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { lstat, opendir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { serialize } from 'bson'
import * as fc from 'fast-check'
import { afterEach, expect, inject, it } from 'vitest'
import { MongoServer } from '@/lib/mongo-driver'
import { restorePreviewSchema } from '@/protocol/restore-preview'
import type { InPlaceSpec } from '@/protocol/specs'
import { type Growth, growTree, growths } from './files/test-tree'
import { InPlaceRig } from './in-place-rig'
import { previewInPlace } from './preview-in-place'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { dropBeside } from './restore/in-place/lead-to-end'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'

/** Promise: the preview counts exactly what the restore then changes, and changes nothing itself. */
const opened: { rig: InPlaceRig; trial: TrialRemote }[] = []
function open(mongodbUrl: string | null): InPlaceRig {
  const trial = localRemote()
  const rig = new InPlaceRig(trial.remote, mongodbUrl)
  opened.push({ rig, trial })
  return rig
}
afterEach(async () => {
  for (const { rig, trial } of opened.splice(0)) {
    await rig.dropDatabase()
    rig.close()
    await trial.stop()
  }
})

const preview = async (rig: InPlaceRig, spec: InPlaceSpec) =>
  restorePreviewSchema.parse(await previewInPlace(spec, rig.inPlaceContext()))

/** All that stands below, by raw path: what the preview says that it tells things apart by. */
async function statesOf(path: Buffer, found = new Map<string, string>()): Promise<Map<string, string>> {
  const stats = await lstat(path, { bigint: true })
  const target = stats.isSymbolicLink() ? await readlink(path, 'latin1') : ''
  const size = stats.isFile() ? stats.size : 0
  found.set(path.toString('latin1'), `${stats.mode} ${stats.uid} ${stats.gid} ${stats.mtimeNs} ${size} ${target}`)
  if (!stats.isDirectory()) return found
  for await (const entry of await opendir(path, { encoding: 'buffer' as BufferEncoding })) {
    const name = entry.name as unknown as Buffer
    if (!name.equals(Buffer.from('.talekeeper'))) await statesOf(Buffer.concat([path, Buffer.from('/'), name]), found)
  }
  return found
}

function changesBetween(before: Map<string, string>, after: Map<string, string>) {
  const counts = { added: 0, changed: 0, removed: 0, same: 0 }
  for (const [path, state] of after) {
    if (!before.has(path)) counts.added++
    else if (before.get(path) === state) counts.same++
    else counts.changed++
  }
  for (const path of before.keys()) if (!after.has(path)) counts.removed++
  return counts
}

const withoutFurtherNames = growths.map((tree) => tree.filter(({ kind }) => kind !== 'hardlink').slice(0, 15))
const seeds = fc.record({ backedUp: withoutFurtherNames, since: withoutFurtherNames, kept: fc.nat(15) })

it('of random trees, what it counts is what the restore changes', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async ({ backedUp, since, kept }) => {
      const rig = open(null)
      const root = Buffer.from(rig.sourceFolder)
      await growTree(rig.sourceFolder, backedUp)
      const backup = rig.backupSpec({ sources: [rig.treeSource()] })
      await runBackup(backup, rig.context())
      for (const name of readdirSync(root, { encoding: 'buffer' }))
        rmSync(Buffer.concat([root, Buffer.from('/'), name]), { recursive: true })
      await growTree(rig.sourceFolder, [...backedUp.slice(0, kept), ...since] as Growth[])
      const before = await statesOf(root)
      const spec = rig.inPlaceSpec(backup)
      const { trees } = await preview(rig, spec)
      expect(await statesOf(root)).toEqual(before)
      await runInPlace(spec, rig.inPlaceContext())
      const counts = changesBetween(before, await statesOf(root))
      expect(trees.map((tree) => tree.counts)).toEqual([counts])
      const { named } = trees[0] ?? expect.fail('no tree')
      expect([named.added, named.changed, named.removed].map(({ length }) => length)).toEqual([
        counts.added,
        counts.changed,
        counts.removed,
      ])
      await dropBeside(rig.endOptions(spec.restoreId))
    }),
    { numRuns: 5 },
  )
}, 120_000)

it('further names, links in the way and what is chosen are told, and collections document by document', async () => {
  const rig = open(inject('mongodbUrl'))
  const server = await MongoServer.connect(inject('mongodbUrl'))
  const at = (name: string) => join(rig.sourceFolder, name)
  const insert = (collection: string, ...documents: object[]) =>
    server.insertRaw(
      rig.database,
      collection,
      documents.map((one) => serialize(one)),
    )
  for (const home of ['ada', 'ben']) {
    mkdirSync(at(home))
    writeFileSync(at(`${home}/data`), `of ${home}`)
  }
  mkdirSync(at('versions'))
  linkSync(at('ada/data'), at('versions/of-ada'))
  await insert('user', { _id: 1 }, { _id: 2 })
  await insert('item', { _id: 1 })
  await insert('group', { _id: 1 })
  const backup = rig.backupSpec({ sources: [rig.mongodbSource(), rig.treeSource()] })
  await runBackup(backup, rig.context())

  expect(await preview(rig, rig.inPlaceSpec(backup))).toMatchObject({
    trees: [{ counts: { added: 0, changed: 0, removed: 0, same: 7 } }],
    counts: { added: 0, changed: 0, removed: 0, same: 3 },
  })

  writeFileSync(at('ada/data'), 'written over')
  rmSync(at('ben'), { recursive: true })
  symlinkSync('ada', at('ben'))
  writeFileSync(at('made\u202e\nsince'), '12345')
  await insert('user', { _id: 3 })
  await server.dropCollection(rig.database, 'item')
  await insert('made_since', { _id: 1 })
  const all = await preview(rig, rig.inPlaceSpec(backup))
  const [tree] = all.trees
  expect(tree).toMatchObject({ kind: 'files', counts: { added: 1, removed: 1 }, bytes: { removed: 5 } })
  expect(tree?.named.added).toEqual([at('ben/data')])
  expect(tree?.named.changed).toEqual(
    ['', '/ada/data', '/ben', '/versions/of-ada'].map((name) => `${rig.sourceFolder}${name}`),
  )
  expect(tree?.named.removed).toEqual([`${rig.sourceFolder}/made\\xe2\\x80\\xae\\x0asince`])
  expect(all.collections).toEqual([
    { database: rig.database, collection: 'item', change: 'added', now: null, after: 1 },
    { database: rig.database, collection: 'made_since', change: 'removed', now: 1, after: null },
    { database: rig.database, collection: 'user', change: 'changed', now: 3, after: 2 },
    { database: rig.database, collection: 'group', change: 'same', now: 1, after: 1 },
  ])

  rmSync(at('ben'))
  const path = Buffer.from(at('ben/data')).subarray(1).toString('base64')
  const chosen = await preview(
    rig,
    rig.inPlaceSpec(backup, {
      artifacts: ['files.tar.zst', 'mongo.archive.zst'],
      selection: {
        paths: [{ artifact: 'files.tar.zst', paths: [path] }],
        namespaces: [{ database: rig.database, collection: 'user' }],
      },
    }),
  )
  expect(chosen.trees[0]?.counts).toEqual({ added: 2, changed: 0, removed: 0, same: 0 })
  expect(chosen.collections.map(({ collection }) => collection)).toEqual(['user'])
  await server.close()
})
