import { expect, test } from 'vitest'
import { parseAddress } from './address'

test('takes hosts as Whole Tale writes them', () => {
  expect(parseAddress('rs1/wt_mongo1:27017,wt_mongo2:27017,wt_mongo3')).toEqual({
    uri: 'mongodb://wt_mongo1:27017,wt_mongo2:27017,wt_mongo3/?replicaSet=rs1',
    toolUri: 'mongodb://wt_mongo1:27017,wt_mongo2:27017,wt_mongo3/?replicaSet=rs1',
    hosts: 'wt_mongo1:27017,wt_mongo2:27017,wt_mongo3',
    plainHosts: 'rs1/wt_mongo1:27017,wt_mongo2:27017,wt_mongo3',
    hasCredentials: false,
  })
  expect(parseAddress('mongo:27017').uri).toBe('mongodb://mongo:27017/')
})

test('keeps a database in the path from narrowing what the tools dump, and its role as place of the user', () => {
  expect(parseAddress('mongodb://mongo:27017/girder').toolUri).toBe('mongodb://mongo:27017/')
  expect(parseAddress('mongodb://u:p@mongo/girder?replicaSet=rs1').toolUri).toBe(
    'mongodb://u:p@mongo/?replicaSet=rs1&authSource=girder',
  )
  expect(parseAddress('mongodb://u:p@mongo/girder?authSource=admin').toolUri).toBe(
    'mongodb://u:p@mongo/?authSource=admin',
  )
})

test('hosts are said in plain sight only where they say all, and no secret', () => {
  expect(parseAddress('mongodb://mongo:27017/girder').plainHosts).toBe('mongo:27017')
  for (const more of ['mongodb://u:p@mongo/', 'mongodb://mongo/?tls=true', 'mongodb+srv://cluster.example.org/'])
    expect(parseAddress(more).plainHosts).toBeNull()
})

test('never shows credentials', () => {
  const address = parseAddress('mongodb+srv://user:s3cret@cluster.example.org/?tls=true')
  expect(address.hosts).toBe('cluster.example.org')
  expect(address.hasCredentials).toBe(true)
  for (const bad of ['mongodb://user:s3cret@', 'http://s3cret@host/', 'host/a/s3cret', '', 'a b'])
    expect(() => parseAddress(bad)).toThrow(/^(?!.*s3cret)/)
})
