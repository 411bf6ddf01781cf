import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Policy } from '@/protocol/policy'
import type { Baseline } from '@/protocol/specs'
import { checkTrees } from './preflight-trees'
import { configSource, makeTemporaryFolder, treeSource } from './test-archive'

const signal = new AbortController().signal

function policyFor(root: string): Policy {
  const nothing = { restoreRoots: [], localRemoteRoots: [], backends: [], mongodb: false, inPlaceRestore: false }
  return { version: 1, sourceRoots: [root], ...nothing }
}

function baselineOf(entries: number): Baseline {
  const backupId = '00000000-0000-4000-8000-000000000003'
  return { backupId, namespaces: {}, trees: { tree: { entries, bytes: 1 } }, changedFiles: 0 }
}

async function makePlace() {
  const place = await makeTemporaryFolder()
  const root = join(place, 'allowed')
  for (const name of ['allowed/full', 'allowed/empty/.talekeeper', 'forbidden/secret'])
    mkdirSync(join(place, name), { recursive: true })
  writeFileSync(join(root, 'full', 'file'), 'content')
  symlinkSync('full', join(root, 'link'))
  symlinkSync('../forbidden', join(root, 'way-out'))
  return { place, root, policy: policyFor(root) }
}

test('takes trees and configuration files that are as they should be', async () => {
  const { root, policy } = await makePlace()
  const sources = [
    treeSource(join(root, 'full')),
    treeSource(join(root, 'empty')),
    configSource([join(root, 'full', 'file')]),
  ]
  await checkTrees(sources, policy, null, signal)
  await checkTrees([treeSource(join(root, 'full'))], policy, baselineOf(100), signal)
  await checkTrees([treeSource('/proc', { mustBeMount: true })], policyFor('/'), null, signal)
  await checkTrees([treeSource('/proc/sys', { mustBeMount: true, mountPoint: '/proc' })], policyFor('/'), null, signal)
})

// Promise: a source that is missing, not mounted or suddenly empty is a failure, never an empty success.
test.each([
  ['source-missing', 'absent', {}, null],
  ['source-missing', 'full/file/below', {}, null],
  ['source-not-folder', 'full/file', {}, null],
  ['source-is-link', 'link', {}, null],
  ['source-not-mounted', 'full', { mustBeMount: true }, null],
  ['source-empty', 'empty', {}, baselineOf(2)],
  ['outside-policy', 'way-out/secret', {}, null],
  ['outside-policy', '../forbidden-too', {}, null],
])('refuses %s: %s', async (code, path, options, baseline) => {
  const { root, policy } = await makePlace()
  const check = checkTrees([treeSource(join(root, path), options)], policy, baseline, signal)
  await expect(check).rejects.toMatchObject({ code, where: join(root, path), action: expect.any(String) })
})

test('refuses a tree beside the volume that it should lie on', async () => {
  const { root, policy } = await makePlace()
  const tree = treeSource(join(root, 'full'), { mustBeMount: true, mountPoint: '/proc' })
  await expect(checkTrees([tree], policy, null, signal)).rejects.toMatchObject({ code: 'source-not-on-mount' })
  const unmounted = treeSource(join(root, 'full'), { mustBeMount: true, mountPoint: root })
  await expect(checkTrees([unmounted], policy, null, signal)).rejects.toMatchObject({
    ...{ code: 'source-not-mounted', where: root },
  })
})

test('refuses the root folder and overlapping trees', async () => {
  const { root, policy } = await makePlace()
  await expect(checkTrees([treeSource('/')], policyFor('/'), null, signal)).rejects.toMatchObject({
    code: 'source-is-root',
  })
  const nested = [treeSource(root), treeSource(join(root, 'full'))]
  await expect(checkTrees(nested, policy, null, signal)).rejects.toMatchObject({ code: 'sources-overlap' })
})
