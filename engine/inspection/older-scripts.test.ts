import { expect, test } from 'vitest'
import { olderFilesAmong } from './older-scripts'

test('files of the older scripts are known by their names, and no others', () => {
  const names = ['mongodump-20220101.tgz', 'home-20220101.tgz', 'homes.tar', 'dms.tar', 'registry.tar', 'notes.txt']
  const more = ['mongodump-20240601.tar', 'home-2022.tgz', 'x/homes.tar', 'mongodump-20220101.tgz.part']
  const found = olderFilesAmong([...names, ...more].map((path) => ({ path, bytes: 7 })))
  expect(found.map(({ name, holds }) => `${name} ${holds}`)).toEqual([
    'mongodump-20220101.tgz mongodb',
    'home-20220101.tgz homes',
    'homes.tar homes',
    'dms.tar registered-data',
    'registry.tar registry',
    'mongodump-20240601.tar mongodb',
  ])
})
