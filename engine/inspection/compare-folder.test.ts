import { describe, expect, test } from 'vitest'
import type { DeepEntry } from '@/lib/rclone'
import type { ExpectedFile } from '@/protocol/specs'
import { compareFolder } from './compare-folder'

const md5 = (digit: string) => digit.repeat(32)
const expected: ExpectedFile[] = [
  { name: 'manifest.json', bytes: 900, hash: null },
  { name: 'SHA256SUMS', bytes: null, hash: null },
  { name: 'files.tar.zst.00000', bytes: 10, hash: `md5:${md5('a')}` },
]
const whole: DeepEntry[] = [
  { path: 'manifest.json', bytes: 900, hash: md5('1') },
  { path: 'SHA256SUMS', bytes: 77, hash: null },
  { path: 'files.tar.zst.00000', bytes: 10, hash: md5('a') },
]
const changed = (name: string, change: Partial<DeepEntry> | null) =>
  whole.flatMap((file) => (file.path !== name ? [file] : change ? [{ ...file, ...change }] : []))

const cases: [string, DeepEntry[], string[]][] = [
  ['is whole', whole, []],
  ['is gone', [], ['backup-missing']],
  ['misses a part', changed('files.tar.zst.00000', null), ['part-missing']],
  ['misses its manifest', changed('manifest.json', null), ['part-missing']],
  ['has a part that is shorter', changed('files.tar.zst.00000', { bytes: 9 }), ['part-altered']],
  [
    'has a part of the same size with other content',
    changed('files.tar.zst.00000', { hash: md5('b') }),
    ['part-altered'],
  ],
  ['lies where sizes are not told', whole.map((file) => ({ ...file, bytes: -1 })), []],
  ['lies where hashes are not told', whole.map((file) => ({ ...file, hash: null })), []],
  ['has a file more', [...whole, { path: 'notes/readme.txt', bytes: 1, hash: null }], []],
]

describe('promise: what the catalogue says is compared with what the remote tells, and with that alone', () => {
  test.each(cases)('a folder that %s', (_name, found, codes) => {
    expect(compareFolder(expected, found, 'wt/20270101/000000Z-nightly').map(({ code }) => code)).toEqual(codes)
  })

  test('names the first twenty of many faults, and counts the rest', () => {
    const many = Array.from({ length: 500 }, (_, number) => ({ name: `part.${number}`, bytes: 1, hash: null }))
    const faults = compareFolder(many, whole, 'wt')
    expect(faults).toHaveLength(21)
    expect(faults.at(-1)?.text).toBe('480 more files are missing or altered.')
  })
})
