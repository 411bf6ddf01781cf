import { expect, test } from 'vitest'
import { type BackupMeasures, changesBetween } from './backup-changes'

function measures(namespaces: Record<string, number>, entries: number): BackupMeasures {
  const trees = { homes: { entries, bytes: 1 } }
  return {
    ...{ bytes: 10, rawBytes: 20, seconds: 60, warningCount: 0 },
    summary: {
      ...{ bytes: 10, rawBytes: 20, warningCount: 0, changedFiles: 0, held: [], consistency: 'plain', tools: {} },
      ...{ namespaces, trees },
    },
  }
}

test('what is gone comes first, then what is new, then what changed most; what is the same is not named', () => {
  const before = measures({ 'girder.gone': 1, 'girder.item': 100, 'girder.user': 5, 'girder.same': 7 }, 1000)
  const now = measures({ 'girder.item': 10, 'girder.user': 6, 'girder.same': 7, 'girder.new': 2 }, 1200)
  const changes = changesBetween(before, now)
  expect(changes.documents).toMatchObject({ before: 113, now: 25 })
  expect(changes.namespaces.map(({ name }) => name)).toEqual([
    'girder.gone',
    'girder.new',
    'girder.item',
    'girder.user',
  ])
  expect(changes.trees).toEqual([{ name: 'homes', before: 1000, now: 1200 }])
})

test('a backup whose facts are not known is compared by what is known, and nothing is called gone', () => {
  const changes = changesBetween({ ...measures({}, 1), summary: null }, measures({ 'girder.item': 1 }, 1))
  expect(changes.documents).toMatchObject({ before: null, now: 1 })
  expect(changes.bytes).toMatchObject({ before: 10, now: 10 })
  expect([...changes.namespaces, ...changes.trees]).toEqual([])
})
