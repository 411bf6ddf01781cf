import { expect, test } from 'vitest'
import { toggled } from './namespace-choice'

const namespaces = ['girder.user', 'girder.item', 'girder_assets.chunk'].map((name) => {
  const [database = '', collection = ''] = name.split('.')
  return { database, collection, documents: 1 }
})

test.each([
  ['one database of all is left out', null, 'girder', false, ['girder_assets']],
  ['one collection of all is left out', null, 'girder.user', false, ['girder.item', 'girder_assets']],
  ['a database is added', ['girder_assets'], 'girder', true, ['girder', 'girder_assets']],
  ['the last of its collections makes it whole', ['girder.item'], 'girder.user', true, ['girder']],
  ['nothing is left', ['girder_assets'], 'girder_assets.chunk', false, []],
] as const)('%s', (_name, chosen, name, on, expected) => {
  expect(toggled(chosen && [...chosen], namespaces, name, on)).toEqual(expected)
})
