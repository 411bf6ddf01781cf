import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, serialize, Timestamp } from 'bson'
import { MongoServer } from '@/lib/mongo-driver'

/**
 * A database as Whole Tale's Girder keeps it, made up and the same for the same arguments: users, collections, folders with
 * `fsPath`, items, files, settings, tokens, an assetstore whose GridFS-like chunks lie in a second database, and documents with
 * every BSON type and with integer-like keys out of order.
 */
export async function fillSampleMongodb(
  url: string,
  options: { documents: number; chunkMegabytes: number; databasePrefix?: string },
): Promise<{ documents: number }> {
  const server = await MongoServer.connect(url)
  const prefix = options.databasePrefix ?? ''
  let documents = 0
  const fill = async (database: string, collection: string, values: Iterable<SampleDocument>) => {
    for (const batch of batches(values)) {
      const { inserted, firstError } = await server.insertRaw(prefix + database, collection, batch)
      if (inserted < batch.length)
        throw new Error(`The server refused sample documents of ${collection}: ${firstError}`)
      documents += inserted
    }
  }
  try {
    const userCount = Math.max(10, Math.floor(options.documents / 100))
    const itemCount = Math.floor((options.documents - userCount * 3) / 2)
    await fill('girder', 'user', sequence(userCount, user))
    await fill('girder', 'collection', sequence(3, collection))
    await fill('girder', 'folder', sequence(userCount * 2, folder))
    await fill('girder', 'item', sequence(itemCount, item))
    await fill('girder', 'file', sequence(itemCount, file))
    await fill('girder', 'setting', settings)
    await fill('girder', 'assetstore', [assetstore])
    await fill('girder', 'token', sequence(50, token))
    await fill('girder', 'odd names.and dots', [everyType])
    await fill('girder', '数据', sequence(10, integerLikeKeys))
    await fill('girder_assets', 'chunk', sequence(options.chunkMegabytes * 4, chunk))
    await server.createCollection(`${prefix}girder`, 'notification')
    for (const [name, key] of indexes) await server.createIndexes(`${prefix}girder`, name, [indexOf(key)])
    return { documents }
  } finally {
    await server.close()
  }
}

type SampleDocument = Record<string, unknown> | Map<string, unknown>

const start = Date.UTC(2025, 0, 1)
const chunkBytes = 256 * 1024

/** Ids are fixed, so that two fillings are the same. */
function idOf(kind: number, index: number): ObjectId {
  return new ObjectId(`5f${kind.toString(16).padStart(2, '0')}${index.toString(16).padStart(20, '0')}`)
}

function user(index: number): SampleDocument {
  return {
    _id: idOf(1, index),
    login: `user${index}`,
    email: `user${index}@example.org`,
    firstName: ['Ada', 'Grace', 'Čeněk', '小明', 'Zoë'][index % 5],
    lastName: `Example ${index}`,
    salt: `$2b$12$${'x'.repeat(53)}`,
    admin: index === 0,
    size: Long.fromNumber(index * 1_000_003),
    created: new Date(start + index * 60_000),
    groups: [],
    access: { users: [{ id: idOf(1, index), level: 2, flags: [] }], groups: [] },
  }
}

function collection(index: number): SampleDocument {
  return {
    _id: idOf(2, index),
    name: `Collection ${index}`,
    public: true,
    description: '',
    created: new Date(start),
    meta: {},
  }
}

function folder(index: number): SampleDocument {
  const login = `user${index >> 1}`
  const isHome = index % 2 === 0
  return {
    _id: idOf(3, index),
    name: isHome ? 'Home' : 'Workspaces',
    lowerName: isHome ? 'home' : 'workspaces',
    parentId: idOf(1, index >> 1),
    parentCollection: 'user',
    isMapping: true,
    fsPath: isHome ? `/mnt/homes/${login[0]}/${login}` : `/mnt/workspaces/${login[0]}/${login}`,
    size: new Int32(0),
    created: new Date(start + index),
    meta: { '10': 'ten', '9': 'nine', b: null },
  }
}

function item(index: number): SampleDocument {
  return {
    _id: idOf(4, index),
    name: `item ${index} ${'.'.repeat(index % 40)}`,
    folderId: idOf(3, index % 100),
    size: new Int32(index % 100_000),
    created: new Date(start + index * 1000),
    description: 'An item of the sample instance. '.repeat(index % 7),
    meta: index % 10 === 0 ? { score: new Double(index / 7), tags: ['a', 'b'] } : {},
  }
}

function file(index: number): SampleDocument {
  return {
    _id: idOf(5, index),
    name: `file-${index}.dat`,
    itemId: idOf(4, index),
    assetstoreId: idOf(6, 0),
    size: Long.fromNumber(index * 4096),
    mimeType: 'application/octet-stream',
    sha512: (index.toString(16).padStart(8, '0') + 'd'.repeat(120)).slice(0, 128),
    exts: ['dat'],
  }
}

const settings: SampleDocument[] = [
  { _id: idOf(7, 0), key: 'core.cors.allow_origin', value: 'https://dashboard.example.org' },
  { _id: idOf(7, 1), key: 'wthome.homedir_root', value: '/mnt/homes' },
  { _id: idOf(7, 2), key: 'dm.private_storage_path', value: '/mnt/dms' },
]

const assetstore: SampleDocument = {
  _id: idOf(6, 0),
  name: 'GridFS local',
  type: 1,
  db: 'girder_assets',
  mongohost: null,
}

/** Long expired, as leftover tokens are: what restores them must not let the server delete them. */
function token(index: number): SampleDocument {
  return { _id: `token-${index}`, userId: idOf(1, index), created: new Date(start), expires: new Date(start + index) }
}

function chunk(index: number): SampleDocument {
  return { _id: idOf(8, index), uuid: 'f'.repeat(32), n: new Int32(index), data: new Binary(noise(index)) }
}

const everyType: SampleDocument = {
  _id: idOf(9, 0),
  double: new Double(1),
  negativeZero: new Double(-0.5),
  string: 'text with " quotes, \\ and 日本語',
  document: { nested: { deeper: true } },
  array: [1, 'two', { three: 3 }],
  binary: new Binary(Buffer.from([0, 1, 2, 255])),
  objectId: idOf(9, 1),
  boolean: false,
  date: new Date(-1),
  null: null,
  int32: new Int32(-1),
  timestamp: new Timestamp({ t: 1_700_000_000, i: 1 }),
  int64: Long.fromString('9007199254740993'),
}

/** What MongoDB takes and some compatible servers do not: see `fillRareTypes`. */
const rareTypes: SampleDocument = {
  _id: idOf(9, 2),
  decimal128: Decimal128.fromString('3.14159265358979323846'),
  minKey: new MinKey(),
  maxKey: new MaxKey(),
  regularExpression: /^a.*b$/i,
}

/** Adds one document with each rare BSON type that the server takes; returns the names of those that it refuses. */
export async function fillRareTypes(url: string, database: string): Promise<string[]> {
  const server = await MongoServer.connect(url)
  const refused: string[] = []
  try {
    for (const [name, value] of Object.entries(rareTypes)) {
      if (name === '_id') continue
      const result = await server.insertRaw(database, 'rare types', [serialize({ _id: name, value })]).catch(() => null)
      if (result?.inserted !== 1) refused.push(name)
    }
    return refused
  } finally {
    await server.close()
  }
}

/** JavaScript objects would put these keys into another order; Maps do not. */
function integerLikeKeys(index: number): SampleDocument {
  const inner = new Map<string, unknown>([
    ['9', 'nine'],
    ['3', 'three'],
  ])
  return new Map<string, unknown>([
    ['_id', index],
    ['b', 1],
    ['2', 2],
    ['1', inner],
  ])
}

const indexes: [string, Record<string, number>][] = [
  ['user', { login: 1 }],
  ['folder', { parentId: 1, name: 1 }],
  ['item', { folderId: 1, name: -1 }],
]

function indexOf(key: Record<string, number>): ReadonlyMap<string, unknown> {
  const name = Object.entries(key)
    .map(([field, direction]) => `${field}_${direction}`)
    .join('_')
  return new Map<string, unknown>([
    ['key', key],
    ['name', name],
  ])
}

function* sequence(count: number, make: (index: number) => SampleDocument): Generator<SampleDocument> {
  for (let index = 0; index < count; index++) yield make(index)
}

function* batches(values: Iterable<SampleDocument>): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const value of values) {
    const document = serialize(value)
    batch.push(document)
    bytes += document.length
    if (batch.length < 2000 && bytes < 4 * 1024 * 1024) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

/** Bytes that do not compress, the same for the same seed (xorshift32). */
function noise(seed: number): Buffer {
  const words = new Uint32Array(chunkBytes / 4)
  let state = (seed + 1) * 2654435761
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[index] = state
  }
  return Buffer.from(words.buffer)
}
