import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BackupSpec, InPlaceSpec } from '@/protocol/specs'
import { checkRestore } from './check-restore'
import { InPlaceRig } from './in-place-rig'
import { previewInPlace } from './preview-in-place'
import { localRemote, type TrialRemote } from './remote/loopback-servers'
import { dropBeside, undo } from './restore/in-place/lead-to-end'
import { runBackup } from './run-backup'
import { runInPlace } from './run-in-place'

/**
 * Promise: trees of another instance go where the target's sources of the same slugs lie, whole or in part, with hard links across them,
 * names of any bytes, and what is left out by wish; where they were nothing is touched; undo brings back what stood there.
 */
let trial: TrialRemote
let rig: InPlaceRig
let backup: BackupSpec
let places: { homes: string; versions: string }
const oddName = Buffer.from([0xff, 0x2d, 0x0a, 0x80])
const at = (name: string) => join(rig.sourceFolder, name)

beforeEach(async () => {
  trial = localRemote()
  rig = new InPlaceRig(trial.remote, null)
  places = { homes: join(rig.work, 'srv/all-homes'), versions: join(rig.work, 'data/v') }
  mkdirSync(at('homes/a/ada'), { recursive: true })
  mkdirSync(at('homes/cache'))
  mkdirSync(at('versions/1'), { recursive: true })
  writeFileSync(at('homes/a/ada/data'), 'of ada\n'.repeat(1000))
  writeFileSync(Buffer.concat([Buffer.from(at('homes/a/ada/')), oddName]), 'odd')
  linkSync(at('homes/a/ada/data'), at('versions/1/of-ada'))
  symlinkSync(at('homes/a/ada'), at('versions/1/there'))
  const tree = rig.treeSource()
  const sources = [
    { ...tree, slug: 'homes', path: at('homes'), exclude: [at('homes/cache')] },
    { ...tree, id: randomUUID(), slug: 'versions', path: at('versions') },
  ]
  backup = rig.backupSpec({ sources })
  await runBackup(backup, rig.context())
  for (const place of Object.values(places)) {
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'of-testing'), 'what testing has')
  }
  mkdirSync(join(places.homes, 'cache'))
  writeFileSync(join(places.homes, 'cache/kept'), 'no backup has this')
})
afterEach(async () => {
  rig.close()
  await trial.stop()
})

function specOf(changes: Partial<InPlaceSpec> = {}, wanted: Record<string, string> = places): InPlaceSpec {
  const trees = Object.entries(wanted).map(([source, path]) => ({ source, path }))
  const spec = rig.inPlaceSpec(backup, { instance: { id: randomUUID(), slug: 'wt-testing' }, ...changes })
  return { ...spec, target: { ...spec.target, trees } }
}
const standing = async () => [await rig.tree(places.homes), await rig.tree(places.versions), await rig.tree()]
const contentOf = (tree: string) =>
  tree.split('\n').flatMap((line) => (/^[0-9a-f]{64} /.test(line) ? [line.slice(66)] : []))

it('they stand there with hard links across them, and where they were nothing is touched', async () => {
  const before = await standing()
  const spec = specOf()
  const { trees } = await previewInPlace(spec, rig.inPlaceContext())
  expect(trees.flatMap(({ named }) => named.removed).sort()).toEqual(
    Object.values(places)
      .flatMap((place) => [`${place}/of-testing`])
      .sort(),
  )
  expect(trees.flatMap(({ named }) => named.added)).toContain(`${places.homes}/a/ada/data`)
  expect(await runInPlace(spec, rig.inPlaceContext())).toBe('succeeded')
  const [homes = '', versions = '', source] = await standing()
  expect(source).toBe(before[2])
  expect(contentOf(homes).sort()).toEqual(['./cache/kept', ...contentOf(await rig.tree(at('homes')))].sort())
  expect(contentOf(versions)).toEqual(contentOf(await rig.tree(at('versions'))))
  const inode = (path: string) => execFileSync('stat', ['-c', '%i %h', path]).toString()
  expect(inode(join(places.versions, '1/of-ada'))).toBe(inode(join(places.homes, 'a/ada/data')))
  expect(inode(join(places.homes, 'a/ada/data'))).toMatch(/ 2\n$/)
  // a link is kept as it is, wherever it leads
  expect(execFileSync('readlink', [join(places.versions, '1/there')]).toString()).toBe(`${at('homes/a/ada')}\n`)
  expect(await undo(rig.endOptions(spec.restoreId))).toBe('undone')
  expect(await standing()).toEqual(before)
  await dropBeside(rig.endOptions(spec.restoreId))
  expect(await standing()).toEqual(before)
})

it('one home goes there, and nothing beside it', async () => {
  const path = Buffer.from(at('homes/a/ada')).subarray(1).toString('base64')
  const selection = { paths: [{ artifact: 'files.tar.zst', paths: [path] }], namespaces: null }
  await runInPlace(specOf({ artifacts: ['files.tar.zst'], selection }), rig.inPlaceContext())
  expect(readFileSync(join(places.homes, 'a/ada/data'), 'utf8')).toContain('of ada')
  expect(existsSync(join(places.homes, 'of-testing'))).toBe(true)
  expect(existsSync(join(places.versions, 'of-testing'))).toBe(true)
})

it('a tree whose source the target does not have goes where it was', async () => {
  const before = await rig.tree(places.versions)
  writeFileSync(at('versions/made-since'), 'since')
  await runInPlace(specOf({}, { homes: places.homes, data: places.versions }), rig.inPlaceContext())
  expect(existsSync(at('versions/made-since'))).toBe(false)
  expect(existsSync(join(places.homes, 'a/ada/data'))).toBe(true)
  expect(await rig.tree(places.versions)).toBe(before)
})

it('of its own instance everything goes where it was', async () => {
  const before = await rig.tree(places.homes)
  rmSync(at('homes/a/ada/data'))
  await runInPlace({ ...specOf(), instance: rig.instance }, rig.inPlaceContext())
  expect(existsSync(at('homes/a/ada/data'))).toBe(true)
  expect(await rig.tree(places.homes)).toBe(before)
})

it.each([
  ['outside the policy', { homes: '/srv/not-ours' }, 'outside-policy'],
  ['inside another', () => ({ homes: join(places.versions, 'homes') }), 'places-overlap'],
])('a place %s is refused, and nothing is changed', async (_, wanted, code) => {
  const before = await standing()
  const trees = typeof wanted === 'function' ? wanted() : wanted
  const spec = specOf({}, { ...places, ...trees })
  await expect(runInPlace(spec, rig.inPlaceContext())).rejects.toMatchObject({ code })
  expect(await standing()).toEqual(before)
  expect(rig.left()).toEqual([])
})

it('the check names what goes elsewhere than it was', async () => {
  const { limits: _limits, target, ...spec } = specOf()
  const { trees, writers } = target
  const { worker } = spec
  const { lines } = await checkRestore(
    {
      ...{ question: 'check-restore', askId: randomUUID(), owners: [], expectedBytes: null, ...spec },
      target: { kind: 'scratch', folder: '/unused', mongodb: null },
      inPlace: { worker, writers, trees },
    },
    { ...rig.context(), inPlaceFolder: rig.inPlaceFolder },
  )
  const line = lines.find(({ name }) => name === 'places')
  expect(line).toMatchObject({ level: 'green', text: expect.stringContaining(`“homes” goes to ${places.homes}, `) })
})
