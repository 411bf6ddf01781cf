import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Draft, readDraft, writeDraft } from './draft'
import { neededBytes } from './needed-bytes'

// Promise: the address of the page holds the whole of what was chosen.
test('what is written into an address is read out of it again', async () => {
  const namespace = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
  const drafts = fc.record({
    artifacts: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 40 }), { maxLength: 5 }),
    entries: fc.uniqueArray(fc.integer({ min: 1, max: 10_000_000 }), { maxLength: 50 }),
    namespaces: fc.uniqueArray(namespace, { maxLength: 5 }),
    workerId: fc.option(fc.uuid({ version: 4 })),
    remoteId: fc.option(fc.uuid({ version: 4 })),
    mongodb: fc.option(fc.oneof(fc.constant('none'), fc.uuid({ version: 4 }))),
    folder: fc.option(fc.constantFrom('/srv/restored', '/mnt/a b/ü')),
    inPlace: fc.boolean(),
    writers: fc.constantFrom('stopped' as const, 'command' as const),
    safety: fc.boolean(),
    fixUps: fc.boolean(),
    withoutFixUps: fc.uniqueArray(fc.constantFrom('core.cookie_domain', 'empty.token', 'paths')),
  })
  await fc.assert(
    fc.asyncProperty(drafts, async (draft: Draft) => {
      expect(readDraft(new URLSearchParams(writeDraft(draft)))).toEqual(draft)
    }),
  )
})

test('what cannot be read is left out', () => {
  expect(readDraft(new URLSearchParams('entry=x&entry=7&entry=-1&worker=me&folder=../x'))).toMatchObject({
    entries: [7],
    workerId: null,
    folder: null,
  })
})

test('each part that holds something is counted once', () => {
  const parts = [10, 11, 12, 5].map((bytes, number) => ({ bytes, rawBytes: number === 3 ? 40 : 100 }))
  const at = (part: number, offset = 0) => ({ part, offset })
  const piece = (first: ReturnType<typeof at> | null, last = first, lastBytes = 0) => ({ first, last, lastBytes })
  expect(neededBytes(parts, [piece(at(1))])).toBe(11)
  expect(neededBytes(parts, [piece(at(0, 90), at(0, 90), 150)])).toBe(33)
  expect(neededBytes(parts, [piece(at(0), at(1)), piece(at(1, 50), at(3))])).toBe(38)
  expect(neededBytes(parts, [piece(null)])).toBe(0)
  expect(neededBytes(parts, [piece(at(3), at(3), 10_000)])).toBe(5)
})
