import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mongorestoreArguments, parseToolLogLine, withoutCredentials } from './mongo-tools'

const folder = join(import.meta.dirname, '..', 'engine', 'mongodb', 'fixtures')
const linesOf = (name: string) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .map(parseToolLogLine)
    .filter((line) => line !== null)

test.each(['full-100.18.log', 'full-100.9.log'])('reads the counts of %s, with and without backquotes', (name) => {
  const counts = Object.fromEntries(
    linesOf(name).map((line) => (line.type === 'dumped' ? [line.namespace, line.documents] : [line.type, line])),
  )
  expect(counts).toMatchObject({
    'girder.item': 400,
    'odd.name with spaces.and.dots': 1,
    'odd.数据': 1,
    'odd.capped': 0,
  })
  expect(Object.keys(counts)).toHaveLength(13)
})

test('sees that a dump was stopped, that no server was there, and that documents were refused', () => {
  expect(linesOf('sigterm.log').at(-1)).toMatchObject({ type: 'failed', text: expect.stringContaining('termination') })
  expect(linesOf('no-server.log')).toMatchObject([{ type: 'failed' }])
  expect(linesOf('restore-clean.log').at(-1)).toEqual({ type: 'restored-all', documents: 449, failures: 0 })
  expect(linesOf('restore-duplicates.log').at(-1)).toEqual({ type: 'restored-all', documents: 0, failures: 20 })
  expect(linesOf('restore-cut.log').some((line) => line.type === 'failed')).toBe(true)
})

test('an address never stands on the command line', () => {
  const all = mongorestoreArguments({
    configFile: '/tmp/x.yaml',
    databasePrefix: 'drill_',
    leaveOut: ['admin'],
    only: null,
  })
  expect(all.filter((argument) => argument.includes('mongodb://') || argument.startsWith('--uri'))).toEqual([])
  expect(all).toContain('--nsTo=drill_$database$.$collection$')
})

test('chosen namespaces are included literally, whatever stands in their names', () => {
  const only = [
    { database: 'girder', collection: null },
    { database: 'girder_assets', collection: 'a*b\\c' },
  ]
  const all = mongorestoreArguments({ configFile: '/tmp/x.yaml', databasePrefix: 'drill_', leaveOut: ['admin'], only })
  expect(all.filter((argument) => argument.startsWith('--nsInclude'))).toEqual([
    '--nsInclude=girder.*',
    '--nsInclude=girder_assets.a\\*b\\\\c',
  ])
})

test('credentials are taken out of messages', () => {
  expect(withoutCredentials('failed to connect to mongodb://u:p%40ss@h:1/?x: no')).toBe(
    'failed to connect to mongodb://h:1/?x: no',
  )
})
