import { describe, expect, it } from 'vitest'
import type { Baseline } from '@/protocol/specs'
import { type BackupFigures, findShrinkage } from './shrink-guard'

const mebibyte = 1024 * 1024
const baseline: Baseline = {
  backupId: '00000000-0000-4000-8000-000000000000',
  namespaces: { 'girder.item': 10_000, 'girder.user': 50, 'girder.token': 7 },
  trees: { homes: { entries: 5000, bytes: 900 * mebibyte }, versions: { entries: 20, bytes: mebibyte } },
  changedFiles: 3,
}
const same: BackupFigures = {
  namespaces: baseline.namespaces,
  trees: baseline.trees,
  changedFiles: baseline.changedFiles,
}

/** DESIGN section 5: a jump against the last good backup stops retention, ordinary nights never do. */
describe('the shrink guard', () => {
  const cases: [string, Partial<BackupFigures>, RegExp[]][] = [
    ['nothing changed', {}, []],
    ['growth', { namespaces: { ...same.namespaces, 'girder.item': 90_000, 'girder.new': 1 } }, []],
    ['a little less', { namespaces: { ...same.namespaces, 'girder.item': 8500, 'girder.user': 40 } }, []],
    ['a collection gone', { namespaces: { 'girder.item': 10_000, 'girder.user': 50 } }, [/girder\.token is gone/]],
    ['a small collection emptied', { namespaces: { ...same.namespaces, 'girder.user': 0 } }, [/girder\.user has 0/]],
    [
      'many documents gone',
      { namespaces: { ...same.namespaces, 'girder.item': 7000 } },
      [/girder\.item has 7000 documents; it had 10000/, /All collections together/],
    ],
    ['a tree not backed up', { trees: { homes: { entries: 5000, bytes: 900 * mebibyte } } }, [/versions is not in/]],
    [
      'a tree emptied',
      { trees: { ...baseline.trees, homes: { entries: 0, bytes: 0 } } },
      [/homes has 0 entries/, /homes has 0 bytes/],
    ],
    [
      'contents cut short',
      { trees: { ...baseline.trees, homes: { entries: 5000, bytes: 100 * mebibyte } } },
      [/homes has \d+ bytes/],
    ],
    ['a small tree loses a few files', { trees: { ...baseline.trees, versions: { entries: 5, bytes: mebibyte } } }, []],
    ['a few files changed while read', { changedFiles: 90 }, []],
    ['many files changed while read', { changedFiles: 500 }, [/500 files changed/]],
  ]
  it.each(cases)('%s', (_name, change, expected) => {
    const reasons = findShrinkage(baseline, { ...same, ...change })
    expect(reasons.length).toBe(expected.length)
    for (const [index, pattern] of expected.entries()) expect(reasons[index]).toMatch(pattern)
  })

  it('does not miss databases that a restore made beside, however they came into the last dump', () => {
    const namespaces = { ...baseline.namespaces, 'tk_0a1b2c3d_girder.item': 10_000 }
    expect(findShrinkage({ ...baseline, namespaces }, same)).toEqual([])
  })

  it('says nothing without a baseline', () => {
    expect(findShrinkage(null, { namespaces: {}, trees: {}, changedFiles: 9999 })).toEqual([])
  })

  it('names at most a hundred reasons', () => {
    const namespaces = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`db.c${i}`, 10]))
    const reasons = findShrinkage({ ...baseline, namespaces }, { ...same, namespaces: {} })
    expect(reasons.length).toBe(100)
    expect(reasons.at(-1)).toMatch(/and \d+ more/)
  })
})
