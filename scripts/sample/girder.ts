import { Int32, ObjectId, serialize } from 'bson'
import type { MongoServer } from '@/lib/mongo-driver'

/** A user of the made-up instance, and what people know him by. */
export type SamplePerson = { login: string; email: string; firstName: string; lastName: string; oauthId: string }

const names = [
  ['Aurelia', 'Windhoek'],
  ['Bartholomew', 'Quillfeather'],
  ['Čeněk', 'Novotný-Dvořák'],
  ['María del Carmen', "O'Sullivan Ruiz"],
  ['小明', '王王'],
  ['Zoë', 'Ångström'],
] as const

/** The first is the administrator of the instance. */
export function samplePeople(count: number): SamplePerson[] {
  return Array.from({ length: count }, (_, index) => {
    const [firstName = '', last = ''] = names[index % names.length] ?? []
    const lastName = index < names.length ? last : `${last} ${index}`
    const login = `${['auriel', 'bquill', 'cenda.n', 'maria-c', 'xiao_ming', 'zangst'][index % names.length]}${index}`
    const email = `${login.replace(/[_-]/g, '.')}@uni-${index % 3}.example.edu`
    return { login, email, firstName, lastName, oauthId: `c0ffee00-0000-4000-8000-${String(index).padStart(12, '0')}` }
  })
}

/**
 * A database as Girder with Whole Tale's plugins keeps it after some years: users with passwords, identities of Globus, keys, homes
 * and workspaces, tales with authors, jobs with logs, and settings with the addresses and secrets of this instance.
 */
export async function fillSampleGirder(server: MongoServer, database: string, people: SamplePerson[]): Promise<void> {
  const fill = async (collection: string, documents: object[]) => {
    const { firstError, failed } = await server.insertRaw(
      database,
      collection,
      documents.map((one) => serialize(one)),
    )
    if (failed > 0) throw new Error(`The server refused sample documents of ${collection}: ${firstError}`)
  }
  await fill('user', people.map(user))
  await fill('api_key', people.map(apiKey))
  await fill('password', people.map(webdavPassword))
  await fill('folder', people.flatMap(folders))
  await fill('item', people.flatMap(items))
  await fill('tale', people.map(tale))
  await fill('job', people.map(job))
  await fill('instance', people.map(instance))
  await fill('setting', settings(people))
  await fill('assetstore', assetstores)
  for (const collection of ['token', 'notification', 'upload', 'session', 'transfer', 'lock'])
    await fill(
      collection,
      people.map((_, index) => ({ _id: idOf(20, index), userId: idOf(1, index) })),
    )
}

function idOf(kind: number, index: number): ObjectId {
  return new ObjectId(`6a${kind.toString(16).padStart(2, '0')}${index.toString(16).padStart(20, '0')}`)
}

function user({ login, email, firstName, lastName, oauthId }: SamplePerson, index: number): object {
  return {
    ...{ _id: idOf(1, index), login, email, firstName, lastName },
    ...{ salt: `$2b$12$${String(index).padStart(53, 'k')}`, hashAlg: 'bcrypt', admin: index === 0, status: 'enabled' },
    oauth: [{ provider: 'globus', id: oauthId }],
    otherTokens: [{ provider: 'globus', access_token: `secret-token-${index}`, resource_server: 'transfer.api' }],
    groups: [],
    size: new Int32(index),
    access: { users: [{ id: idOf(1, index), level: 2, flags: [] }], groups: [] },
  }
}

function apiKey({ lastName }: SamplePerson, index: number): object {
  const key = `APIKEY${String(index).padStart(34, '0')}`
  return { _id: idOf(2, index), userId: idOf(1, index), name: `Notebook of ${lastName}`, key, active: true }
}

function webdavPassword(_: SamplePerson, index: number): object {
  return { _id: idOf(1, index), hash: `pbkdf2:${index}` }
}

function folders({ login }: SamplePerson, index: number): object[] {
  const base = { parentId: idOf(1, index), parentCollection: 'user', creatorId: idOf(1, index), isMapping: true }
  return [
    { _id: idOf(3, index), ...base, name: 'Home', fsPath: `/tmp/data/homes/${login[0]}/${login}` },
    { _id: idOf(4, index), ...base, name: `Workspace of ${login}`, fsPath: `/tmp/data/workspaces/6/${idOf(8, index)}` },
    { _id: idOf(5, index), ...base, name: 'Foreign', fsPath: `/tmp/data2/${index}` },
  ]
}

function items({ email, firstName, lastName }: SamplePerson, index: number): object[] {
  const base = { folderId: idOf(3, index), creatorId: idOf(1, index) }
  return [
    {
      ...{ _id: idOf(6, index), ...base, name: `notes ${index}.md` },
      description: `Written by ${firstName} ${lastName} (${email}), with thanks to ${lastName}, ${firstName}.`,
      meta: { '10': 'ten', '9': { contact: email.toUpperCase() } },
    },
    { _id: idOf(7, index), ...base, name: 'registered.csv', dm: { transferInProgress: false, fileId: `f${index}` } },
  ]
}

function tale({ login, firstName, lastName }: SamplePerson, index: number): object {
  return {
    ...{ _id: idOf(8, index), creatorId: idOf(1, index), title: `Tale of ${login}`, category: 'science' },
    authors: [
      { firstName, lastName, orcid: `https://orcid.org/0000-0001-2345-${String(index).padStart(4, '0')}` },
      { firstName: 'Outsider', lastName: 'Coauthorius', orcid: 'https://orcid.org/0000-0009-9999-9999' },
    ],
    folderId: idOf(4, index),
  }
}

function job({ login }: SamplePerson, index: number): object {
  const log = [`cd /tmp/data/homes/${login[0]}/${login}/work && ls -l ${login}.tar`, 'done']
  return { _id: idOf(9, index), userId: idOf(1, index), type: 'build_tale', title: `Build for ${login}`, log }
}

function instance(_: SamplePerson, index: number): object {
  return { _id: idOf(10, index), taleId: idOf(8, index), creatorId: idOf(1, index), status: 1 }
}

function settings([administrator]: SamplePerson[]): object[] {
  const values: Record<string, unknown> = {
    'core.cors.allow_origin': 'https://dashboard.wholetale.org',
    'core.cookie_domain': '.wholetale.org',
    'core.contact_email_address': administrator?.email,
    'core.smtp_host': 'smtp.production.example.org',
    'core.smtp.password': 'mail-password-of-production',
    'oauth.globus_client_id': 'globus-production',
    'oauth.globus_client_secret': 'globus-secret-of-production',
    'worker.broker': 'amqp://girder:broker-password@redis/0',
    'wthome.homedir_root': '/tmp/data/homes',
    'wthome.taledir_root': '/tmp/data/workspaces',
    'dm.private_storage_path': '/tmp/ps',
  }
  return Object.entries(values).map(([key, value], index) => ({ _id: idOf(11, index), key, value }))
}

const assetstores = [
  { _id: idOf(12, 0), name: 'GridFS local', type: 1, db: 'girder_assets', mongohost: 'mongodb://wt_mongo1:27017' },
  { _id: idOf(12, 1), name: 'Base', type: 0, root: '/tmp/data/base' },
]
