import { expect, test } from 'vitest'
import { planArchive } from './archive-plan'
import { parseMountInfo } from './mount-points'
import { configSource, treeSource } from './test-archive'

test.each([
  ['sources-overlap', [treeSource('/mnt/homes'), treeSource('/mnt/homes/base')]],
  ['sources-overlap', [treeSource('/mnt/homes'), treeSource('/mnt/homes-2'), treeSource('/mnt/homes/base')]],
  ['sources-overlap', [configSource(['/etc/a', '/etc/a'])]],
  ['source-excluded', [treeSource('/mnt/a', { exclude: ['/mnt/b'] }), treeSource('/mnt/b')]],
  ['too-many-paths', [configSource(Array.from({ length: 500 }, (_, index) => `/${index}/${'x'.repeat(4000)}`))]],
])('refuses %s', (code, sources) => {
  expect(() => planArchive(sources, [])).toThrow(expect.objectContaining({ code }))
})

test('folders with a common beginning do not overlap', () => {
  expect(planArchive([treeSource('/mnt/homes'), treeSource('/mnt/homes-2')], []).paths).toHaveLength(2)
})

// Promise: a tree that is to stay on its filesystem does, also when another tree of the plan is not.
test('trees that differ in crossing filesystems', () => {
  const staying = treeSource('/mnt/a')
  const crossing = treeSource('/mnt/b', { oneFileSystem: false })
  const mountPoints = ['/', '/mnt/a', '/mnt/a/nfs', '/mnt/b/nfs']
  expect(planArchive([staying], mountPoints)).toMatchObject({ oneFileSystem: true, exclude: ['/mnt/a/.talekeeper'] })
  expect(planArchive([crossing], mountPoints).oneFileSystem).toBe(false)
  expect(planArchive([staying, crossing], mountPoints)).toMatchObject({
    oneFileSystem: false,
    exclude: ['/mnt/a/.talekeeper', '/mnt/b/.talekeeper', '/mnt/a/nfs'],
  })
})

test('reads mount points with odd names', () => {
  const text = '22 1 8:1 / / rw - ext4 /dev/a rw\n30 22 0:25 / /mnt/with\\040space rw shared:1 - tmpfs tmpfs rw\n'
  expect(parseMountInfo(text)).toEqual(['/', '/mnt/with space'])
})
