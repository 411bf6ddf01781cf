import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Policy } from '@/protocol/policy'
import { Problem } from '@/protocol/problem'
import { readPolicy, writePolicy } from './policy-file'

const policy: Policy = {
  version: 1,
  sourceRoots: ['/mnt/homes'],
  restoreRoots: ['/mnt/scratch'],
  localRemoteRoots: [],
  backends: ['sftp'],
  mongodb: true,
  inPlaceRestore: false,
}
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-policy-'))
  file = join(folder, 'policy.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function problemOf(act: () => unknown): Problem {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('what is written is read again', () => {
  writePolicy(file, policy)
  expect(readPolicy(file)).toEqual(policy)
})

test('promise: a policy that others may write is refused, and says what to do', () => {
  writePolicy(file, policy)
  for (const mode of [0o664, 0o646, 0o666]) {
    chmodSync(file, mode)
    expect(problemOf(() => readPolicy(file))).toMatchObject({
      code: 'policy-unsafe',
      action: expect.stringContaining('chmod go-w'),
    })
  }
})

test.skipIf(process.getuid?.() !== 0)('promise: a policy of another user is refused', () => {
  writePolicy(file, policy)
  chownSync(file, 12_345, 0)
  expect(problemOf(() => readPolicy(file))).toMatchObject({
    code: 'policy-unsafe',
    action: expect.stringContaining('chown root'),
  })
})

test.each([
  ['missing', null, 'policy-missing', 'no policy file'],
  ['not JSON', '{ "version": 1,', 'policy-invalid', 'not JSON'],
  ['an unknown key', JSON.stringify({ ...policy, sourceRoot: ['/'] }), 'policy-invalid', 'sourceRoot'],
  ['a path with ..', JSON.stringify({ ...policy, sourceRoots: ['/mnt/../etc'] }), 'policy-invalid', 'sourceRoots.0'],
  ['a stranger of a backend', JSON.stringify({ ...policy, backends: ['gopher'] }), 'policy-invalid', 'backends.0'],
  ['another version', JSON.stringify({ ...policy, version: 2 }), 'policy-invalid', 'version'],
])('a policy that is %s is refused in words', (_, text, code, words) => {
  if (text !== null) writeFileSync(file, text)
  expect(problemOf(() => readPolicy(file))).toMatchObject({
    code,
    message: expect.stringContaining(words),
    where: file,
  })
})
