import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseToolLogLine } from '@/lib/mongo-tools'
import { ArchiveVerifier } from './archive-verifier'
import { checkCounts, checkNotEmpty } from './dump-mongodb'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name))

function factsOf(name: string) {
  const verifier = new ArchiveVerifier()
  verifier.push(fixture(name))
  return verifier.finish()
}

function toldBy(name: string): Map<string, number> {
  const told = new Map<string, number>()
  for (const line of fixture(name).toString().split('\n')) {
    const meaning = parseToolLogLine(line)
    if (meaning?.type === 'dumped') told.set(meaning.namespace, meaning.documents)
  }
  return told
}

test.each(['full-100.18', 'full-100.9'])('%s holds what mongodump said', (name) => {
  expect(() => checkCounts(factsOf(`${name}.archive`), toldBy(`${name}.log`))).not.toThrow()
})

test('a dump stopped by SIGTERM is short, although its archive is complete in form', () => {
  expect(() => checkCounts(factsOf('sigterm.archive'), toldBy('sigterm.log'))).toThrow(
    'its writer did not say that girder.item was done',
  )
})

test('a document or a collection less than told is a failure', () => {
  const told = toldBy('full-100.18.log')
  expect(() => checkCounts(factsOf('full-100.18.archive'), new Map([...told, ['girder.item', 401]]))).toThrow(
    'girder.item has 400 documents, but its writer said 401',
  )
  expect(() => checkCounts(factsOf('full-100.18.archive'), new Map([...told, ['girder.job', 1]]))).toThrow(
    'girder.job is not in it',
  )
})

test('an empty dump where data was asked for is a failure', () => {
  const nothing = factsOf('unknown-db.archive')
  expect(() => checkNotEmpty(nothing, { databases: ['girder'] })).toThrow('nothing of the database "girder"')
  expect(() => checkNotEmpty(nothing, { databases: null })).toThrow('no database to back up')
  expect(() => checkNotEmpty(factsOf('full-100.18.archive'), { databases: ['girder', 'odd'] })).not.toThrow()
})
