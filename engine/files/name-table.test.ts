import { expect, test } from 'vitest'
import { displayName } from '@/protocol/display-name'
import { NameTable } from './name-table'

// Promise: a hard link leads to its own first name, however many files there are.
test('keeps a number for each of 200,000 names', { timeout: 60_000 }, () => {
  const table = new NameTable()
  const name = (index: number) => Buffer.from(`homes/a/ada/data/file-${index}.csv`)
  for (let index = 0; index < 200_000; index++) table.set(name(index), index * 512)
  expect(table.size).toBe(200_000)
  for (let index = 0; index < 200_000; index++)
    if (table.get(name(index)) !== index * 512) throw new Error(`lost ${index}`)
  expect(table.get(name(200_000))).toBeUndefined()
  table.set(name(7), 2 ** 52)
  expect([table.get(name(7)), table.size]).toEqual([2 ** 52, 200_000])
})

test.each([
  [Buffer.from('plain é 🐋'), 'plain é 🐋'],
  [Buffer.from('new\nline\\'), 'new\\x0aline\\\\'],
  [Buffer.from([0x61, 0xff, 0x0a]), 'a\\xff\\x0a'],
  [Buffer.from('\u202egnp.exe'), '\\xe2\\x80\\xaegnp.exe'],
])('shows %s to people', (name, text) => {
  expect(displayName(name)).toBe(text)
})
