import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DiscardSpec, RestoreSpec } from '@/protocol/specs'
import { ScratchRegistry } from './scratch-registry'

const restoreId = '9b2f6f1c-5d67-4a5e-9c9e-0f4b5a3a1d11'
const runId = '9b2f6f1c-5d67-4a5e-9c9e-0f4b5a3a1d12'
let folder: string
let registry: ScratchRegistry

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'talekeeper-scratch-'))
  registry = new ScratchRegistry(folder)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function target(path: string, databasePrefix: string | null): RestoreSpec['target'] {
  const mongodb = databasePrefix ? { connection: 'mongodb://u:secret@h', databasePrefix, tools: 'auto' as const } : null
  return { kind: 'scratch', folder: path, mongodb }
}
const restore = (path: string, prefix: string | null = null) =>
  ({ restoreId, target: target(path, prefix) }) as RestoreSpec
const discard = (path: string, prefix: string | null = null) =>
  ({ restoreId, target: target(path, prefix) }) as DiscardSpec

test('promise: only what a restore of this worker made is ever removed', () => {
  const place = join(folder, 'place')
  expect(() => registry.refuseUnknown(discard(folder))).toThrow('did not make')
  expect(() => registry.refuseUnknown(discard(place)), 'nothing is there: nothing to refuse').not.toThrow()
  registry.begin(restore(place, 'tk_'), runId)
  mkdirSync(place)
  registry.settle(restoreId)
  expect(() => registry.refuseUnknown(discard('/mnt/homes', 'tk_'))).toThrow('did not make')
  expect(() => registry.refuseUnknown(discard(place, 'girder'))).toThrow('did not make')
  expect(() => registry.refuseUnknown(discard(place, 'tk_'))).not.toThrow()
  registry.forget(restoreId)
  expect(() => registry.refuseUnknown(discard(place, 'tk_'))).toThrow('did not make')
})

test("promise: a folder that exists already is somebody else's: it is not written to, nor known as ours", () => {
  const place = join(folder, 'place')
  mkdirSync(place)
  expect(() => registry.begin(restore(place), runId)).toThrow('exists already')
  expect(registry.find(restoreId)).toBeNull()
})

test('a restore that made nothing is forgotten; one in hand counts as unfinished until it is settled', () => {
  registry.begin(restore(join(folder, 'never-made')), runId)
  expect(registry.listUnfinished()).toMatchObject([{ restoreId, runId }])
  registry.settle(restoreId)
  expect(registry.find(restoreId)).toBeNull()
  expect(registry.listUnfinished()).toEqual([])
})
