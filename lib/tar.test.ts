import { expect, test } from 'vitest'
import { parseTarMessage, tarCreateArguments } from './tar'

// Promise: every file that changed under tar is named, whatever its name is.
test.each([
  ['tar: mnt/a: file changed as we read it', 'changed', 'mnt/a'],
  ['tar: mnt/a b\\:c\\n\\303\\251\\\\: File removed before we read it', 'vanished', 'mnt/a b:c\n\xc3\xa9\\'],
  ['tar: mnt/a: File shrank by 1 byte; padding with zeros', 'shrank', 'mnt/a'],
  ['tar: mnt/a: File shrank by 4194304 bytes; padding with zeros', 'shrank', 'mnt/a'],
  ['tar: mnt/s\\177\\t: socket ignored', 'socket', 'mnt/s\x7f\t'],
  ['tar: a\\: file changed as we read it: File removed before we read it', 'vanished', 'a: file changed as we read it'],
])('reads "%s"', (line, kind, name) => {
  expect(parseTarMessage(line)).toMatchObject({ kind, name: Buffer.from(name, 'latin1') })
})

test.each([
  ['tar: mnt/a: Cannot open: Permission denied', 'mnt/a: Cannot open: Permission denied'],
  ['tar: Exiting with failure status due to previous errors', 'Exiting with failure status due to previous errors'],
])('keeps the words of "%s"', (line, text) => {
  expect(parseTarMessage(line)).toEqual({ kind: 'other', name: null, text })
})

// Promise: no name can become an option or a pattern.
test('names follow --, exclusions are anchored and verbatim', () => {
  const found = tarCreateArguments({ paths: ['/-x', '/a*'], exclude: ['/a*/b'], oneFileSystem: true })
  expect(found.slice(found.indexOf('--anchored'))).toEqual([
    '--anchored',
    '--no-wildcards',
    '--exclude=a*/b',
    '--directory=/',
    '--',
    '-x',
    'a*',
  ])
  expect(found).toContain('--one-file-system')
})
