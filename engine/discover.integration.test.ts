import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { fillSampleMongodb } from '@/scripts/sample/mongodb'
import { discover } from './discover'
import { dropDatabases } from './mongodb/drop-databases'

/** Promise: on a real server, what Girder keeps and where is found: its databases, assetstores, and folders by path. */

const { signal } = new AbortController()
const connection = () => inject('mongodbUrl')
const databasePrefix = 'discover_'

beforeAll(async () => {
  await fillSampleMongodb(connection(), { documents: 500, chunkMegabytes: 1, databasePrefix })
})
afterAll(() => dropDatabases({ connection: connection(), databasePrefix, signal }))

it('finds the assetstore, the roots of the settings, and folders that lie elsewhere', async () => {
  const policy = {
    ...{ version: 1 as const, sourceRoots: [], restoreRoots: [], localRemoteRoots: [], backends: [] },
    ...{ mongodb: true, inPlaceRestore: false },
  }
  const context = { policy, spoolFolder: '', temporaryFolder: tmpdir(), mongodbToolFolders: [], signal }
  const source = {
    ...{ kind: 'mongodb' as const, id: randomUUID(), slug: 'girder', reach: 'direct' as const, databases: null },
    ...{ connection: connection(), consistency: 'best' as const, tools: 'auto' as const },
  }
  const found = await discover(source, { ...context, report: () => {}, progress: () => {} })
  expect(found.girder).toContain('discover_girder')
  expect(found.databases.find(({ name }) => name === 'discover_girder')?.sizeBytes).toBeGreaterThan(0)
  expect(found.assetstores).toContainEqual({
    ...{ name: 'GridFS local', kind: 'gridfs', place: 'girder_assets', otherServer: null, isOnHost: null },
  })
  expect(found.roots.map(({ path, settings }) => [path, settings])).toEqual(
    expect.arrayContaining([
      ['/mnt/homes', ['wthome.homedir_root']],
      ['/mnt/dms', ['dm.private_storage_path']],
      ['/mnt/workspaces/u', []],
    ]),
  )
  expect(found.isWhole).toBe(true)
})
