import { expect, test } from 'vitest'
import { isLeftOut, isOfInstance } from './list-namespaces'

test('a dump holds what mongodump would take', () => {
  const taken = (database: string, ...names: string[]) => names.filter((name) => !isLeftOut(database, name, null))
  expect(taken('girder', 'item', 'system.js', 'system.views', 'system.profile', 'system.buckets.x')).toEqual([
    'item',
    'system.js',
  ])
  expect(taken('admin', 'system.users', 'system.roles', 'system.version', 'system.keys')).toEqual([
    'system.users',
    'system.roles',
    'system.version',
  ])
  expect(taken('config', 'chunks', 'transactions', 'image_collection')).toEqual(['chunks'])
  expect(isLeftOut('config', 'transactions', ['config'])).toBe(false)
  expect(taken('girder', 'user', 'user__old_0a1b2c3d', 'user__tk_0a1b2c3d', 'user__old_notes')).toEqual([
    'user',
    'user__old_notes',
  ])
})

test('a dump of all databases leaves out what is local and what restores made beside', () => {
  const names = ['admin', 'girder', 'local', 'tk_0a1b2c3d_girder', 'tk_notes', 'tk_0a1b2c3d']
  expect(names.filter(isOfInstance)).toEqual(['admin', 'girder', 'tk_notes', 'tk_0a1b2c3d'])
})
