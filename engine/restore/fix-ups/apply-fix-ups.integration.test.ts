import { randomBytes, randomUUID } from 'node:crypto'
import { deserialize, serialize } from 'bson'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { MongoServer } from '@/lib/mongo-driver'
import { type FixUpResult, type FixUps, fixUpsSchema } from '@/protocol/fix-ups'
import { fillSampleGirder, type SamplePerson, samplePeople } from '@/scripts/sample/girder'
import { applyFixUps } from './apply-fix-ups'

/** Promise: what was restored fits the other instance, and nothing that was not named changes. On a MongoDB-compatible server. */
let server: MongoServer
let database: string
let people: SamplePerson[]

beforeEach(async () => {
  server = await MongoServer.connect(inject('mongodbUrl'))
  database = `tk_test_${randomUUID().slice(0, 8)}`
  people = samplePeople(40)
  await fillSampleGirder(server, database, people)
})
afterEach(async () => {
  await server.dropDatabase(database)
  await server.close()
})

const none = {
  ...{ database: 'girder', settings: [], assetstoreAddress: null, paths: [], mailOff: false, emptied: [] },
  ...{ clearsRegisteredData: false, administrator: null, pseudonyms: null },
}

async function apply(changes: Partial<FixUps>) {
  const collections = new Map((await server.listCollections(database)).map(({ name }) => [name, name]))
  const { signal } = new AbortController()
  return applyFixUps(fixUpsSchema.parse({ ...none, ...changes }), { server, database, collections, signal })
}

type Documents = Record<string, Map<string, Uint8Array>>
async function read(): Promise<Documents> {
  const found: Documents = {}
  for (const { name } of await server.listCollections(database)) {
    const documents = new Map<string, Uint8Array>()
    for await (const batch of server.readRaw(database, name))
      for (const one of batch) documents.set(String(deserialize(one)._id), Buffer.from(one))
    found[name] = documents
  }
  return found
}
const all = (documents: Documents, name: string) =>
  [...(documents[name]?.values() ?? [])].map((one) => deserialize(one) as Record<string, never>)
const countOf = (results: FixUpResult[], name: string) => results.find((one) => one.name === name)?.changed

it('settings, paths, assetstores and mail fit the new place; documents that were not named stay byte for byte', async () => {
  const before = await read()
  const fixUps: Partial<FixUps> = {
    settings: [
      { key: 'core.cors.allow_origin', value: 'https://dashboard.stage.example.org' },
      { key: 'core.cookie_domain', value: '.stage.example.org' },
      { key: 'oauth.globus_client_secret', value: 'secret-of-testing' },
      { key: 'worker.api_url', value: 'https://girder.stage.example.org/api/v1' },
    ],
    paths: [{ from: '/tmp/data', to: '/srv/data' }],
    assetstoreAddress: 'mongodb://mongo:27017',
    mailOff: true,
    emptied: ['token', 'instance'],
    clearsRegisteredData: true,
    administrator: people[1]?.login ?? '',
  }
  const { results, changed } = await apply(fixUps)
  const after = await read()
  const settings = Object.fromEntries(all(after, 'setting').map(({ key, value }) => [key, value]))
  expect(settings).toMatchObject({
    'core.cors.allow_origin': 'https://dashboard.stage.example.org',
    'core.cookie_domain': '.stage.example.org',
    'core.smtp_host': 'mail-off.invalid',
    'core.smtp.password': '',
    'oauth.globus_client_id': 'globus-production',
    'worker.api_url': 'https://girder.stage.example.org/api/v1',
    'wthome.homedir_root': '/srv/data/homes',
    'dm.private_storage_path': '/tmp/ps',
  })
  expect(all(after, 'assetstore').map(({ mongohost, root }) => mongohost ?? root)).toEqual([
    'mongodb://mongo:27017',
    '/srv/data/base',
  ])
  const paths = all(after, 'folder').map(({ fsPath }) => String(fsPath))
  expect(paths.filter((path) => path.startsWith('/srv/data/'))).toHaveLength(80)
  expect(paths.filter((path) => path.startsWith('/tmp/data2/'))).toHaveLength(40)
  expect(countOf(results, 'paths of folders')).toBe(80)
  expect([countOf(results, 'empty token'), countOf(results, 'registered data')]).toEqual([40, 40])
  expect([after.token?.size, after.instance?.size, after.upload?.size]).toEqual([0, 0, 40])
  expect(all(after, 'user').filter(({ admin }) => admin)).toHaveLength(2)
  expect(new Set(changed)).toEqual(new Set(['assetstore', 'folder', 'instance', 'item', 'setting', 'token', 'user']))
  for (const name of ['tale', 'job', 'api_key', 'upload']) expect(after[name]).toEqual(before[name])
  const written = JSON.stringify(results)
  for (const secret of ['secret-of-testing', 'globus-secret-of-production', 'mail-password'])
    expect(written).not.toContain(secret)

  const again = await apply(fixUps)
  expect(again.changed).toEqual([])
  expect(await read()).toEqual(after)
})

it('settings without a value become what the instance has set itself, or go; its other settings stay out, and secrets out of the report', async () => {
  const standing = `${database}_here`
  const insert = (key: string, value: unknown) => server.insertRaw(standing, 'setting', [serialize({ key, value })])
  await insert('core.cookie_domain', '.here.example.org')
  await insert('core.cors.allow_origin', 'https://here.example.org')
  await insert('oauth.globus_client_secret', 'secret-of-here')
  await insert('worker.api_url', null)
  await insert('core.brand_name', 'Here')
  const settingsOf = async () => Object.fromEntries(all(await read(), 'setting').map(({ key, value }) => [key, value]))
  const before = await settingsOf()
  const settings = [{ key: 'core.cookie_domain', value: '.entered.example.org' } as const]
  try {
    const { results } = await apply({ database: standing, settings, keptSettings: true })
    const { 'oauth.globus_client_id': _, 'worker.api_url': __, 'worker.broker': ___, ...others } = before
    expect(await settingsOf()).toEqual({
      ...others,
      'core.cookie_domain': '.entered.example.org',
      'core.cors.allow_origin': 'https://here.example.org',
      'oauth.globus_client_secret': 'secret-of-here',
    })
    expect(results).toContainEqual({
      ...{ name: 'setting oauth.globus_client_id', changed: 1, before: 'globus-production', after: null },
    })
    expect(results.map(({ name }) => name)).not.toContain('setting core.brand_name')
    expect(JSON.stringify(results)).not.toMatch(/secret-of-here|globus-secret-of-production/)
    expect((await apply({ database: standing, settings, keptSettings: true })).changed).toEqual([])
  } finally {
    await server.dropDatabase(standing)
  }
})

it('with pseudonyms no name, address, login, password, key or identity of a user is left, all joins hold, and one administrator signs in', async () => {
  const before = await read()
  const [administrator, ...others] = people
  const pseudonyms = { key: randomBytes(32).toString('base64') }
  const fixUps: Partial<FixUps> = { administrator: administrator?.login ?? '', pseudonyms }
  await apply(fixUps)
  const after = await read()
  const raw = Buffer.concat(Object.values(after).flatMap((documents) => [...documents.values()]))
  const left = others.flatMap(({ login, email, firstName, lastName, oauthId }) =>
    [login, email, `${firstName} ${lastName}`, `${lastName}, ${firstName}`, lastName, oauthId].filter((text) =>
      raw.toString('utf8').toLowerCase().includes(text.toLowerCase()),
    ),
  )
  expect(left).toEqual([])
  for (const secret of ['kkkkk39', 'secret-token-1', 'APIKEY', 'Coauthorius', '0000-0009-9999', 'pbkdf2'])
    expect(raw.includes(secret)).toBe(false)

  expect(after.user?.get(String(all(before, 'user')[0]?._id))).toEqual(
    before.user?.get(String(all(before, 'user')[0]?._id)),
  )
  const users = all(after, 'user')
  expect(new Set(users.map(({ login }) => login)).size).toBe(40)
  expect(new Set(users.map(({ email }) => email)).size).toBe(40)
  // every reference leads where it led before
  for (const name of ['folder', 'item', 'tale', 'job', 'api_key'])
    for (const [id, document] of before[name] ?? []) {
      const { creatorId, userId, parentId, folderId } = deserialize(document)
      expect(deserialize(after[name]?.get(id) ?? serialize({}))).toMatchObject(
        Object.fromEntries(Object.entries({ creatorId, userId, parentId, folderId }).filter(([, value]) => value)),
      )
    }
  // the same person has the same name in each place
  for (const user of users.slice(1)) {
    const { login, firstName, lastName } = user as unknown as Record<string, string>
    const ofUser = (one: Record<string, unknown>) => String(one.creatorId ?? one.userId) === String(user._id)
    const tale = all(after, 'tale').find(ofUser) as unknown as { title: string; authors: object[]; category: string }
    expect(tale).toMatchObject({ title: `Tale of ${login}`, category: 'science' })
    expect(tale.authors[0]).toEqual({ firstName, lastName, orcid: '' })
    const home = all(after, 'folder').find((one) => ofUser(one) && String(one.name) === 'Home')
    expect(String(home?.fsPath)).toBe(`/tmp/data/homes/u/${login}`)
    expect(JSON.stringify(all(after, 'job').find(ofUser))).toContain(`/${login}/work && ls -l ${login}.tar`)
  }

  const again = await apply(fixUps)
  expect(again.changed).toEqual([])
  expect(await read()).toEqual(after)
})

it('another key gives other pseudonyms, and without the administrator that is named nothing is written', async () => {
  const before = await read()
  const key = () => ({ key: randomBytes(32).toString('base64') })
  await expect(apply({ administrator: 'nobody-here', pseudonyms: key(), emptied: ['token'] })).rejects.toMatchObject({
    code: 'administrator-missing',
  })
  expect(await read()).toEqual(before)
  const administrator = people[0]?.login ?? ''
  await apply({ administrator, pseudonyms: key() })
  const once = all(await read(), 'user').map(({ login }) => String(login))
  await apply({ administrator, pseudonyms: key() })
  const twice = all(await read(), 'user').map(({ login }) => String(login))
  expect(once.filter((login) => twice.includes(login))).toEqual([administrator])
})
