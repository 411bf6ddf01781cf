import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { removeTree } from './remove-tree'
import { makeTemporaryFolder } from './test-archive'

const signal = new AbortController().signal

// Promise: discarding a scratch place removes it whole and nothing else.
test('removes all below, links but not what they lead to', async () => {
  const place = await makeTemporaryFolder()
  const scratch = join(place, 'scratch')
  mkdirSync(join(scratch, ...Array.from({ length: 30 }, () => 'deep')), { recursive: true })
  mkdirSync(join(place, 'outside'))
  writeFileSync(join(place, 'outside', 'precious'), 'precious')
  symlinkSync('../outside', join(scratch, 'link'))
  writeFileSync(Buffer.concat([Buffer.from(`${scratch}/`), Buffer.from([0xff, 0x0a])]), 'odd')
  chmodSync(join(scratch, 'deep', 'deep'), 0o500)
  await removeTree(scratch, signal)
  expect(existsSync(scratch)).toBe(false)
  expect(readFileSync(join(place, 'outside', 'precious'), 'utf8')).toBe('precious')
  await removeTree(scratch, signal)
})

test('refuses links, mount points and a cancelled run', async () => {
  const place = await makeTemporaryFolder()
  mkdirSync(join(place, 'kept', 'below'), { recursive: true })
  symlinkSync('kept', join(place, 'link'))
  await expect(removeTree(join(place, 'link'), signal)).rejects.toMatchObject({ code: 'not-a-folder' })
  await expect(removeTree('/proc', signal)).rejects.toMatchObject({ code: 'mounted-below' })
  const aborted = AbortSignal.abort(new Error('cancelled by the test'))
  await expect(removeTree(join(place, 'kept'), aborted)).rejects.toThrow('cancelled by the test')
  expect(existsSync(join(place, 'kept', 'below'))).toBe(true)
})
