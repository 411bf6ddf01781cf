import { batchesOf } from '@/engine/mongodb/batches-of'
import { elementsOf, type RawElement } from '@/engine/mongodb/extended-json'
import type { MongoServer, RawWritten } from '@/lib/mongo-driver'
import type { FixUpResult, FixUps } from '@/protocol/fix-ups'
import { Problem } from '@/protocol/problem'
import { clearRegisteredData, makeAdministrator } from './change-documents'
import { changeAssetstoreAddress, changeSetting, movePaths, removeSetting, turnMailOff } from './change-settings'
import type { PlannedFixUp } from './planned-fix-up'
import { planPseudonyms, secretCollections } from './pseudonymise'
import { Pseudonyms } from './pseudonyms'
import { documentOf, elementOf } from './raw-document'
import { type StandingSettings, standingSettings } from './standing-settings'

export type FixUpPlace = {
  server: Pick<MongoServer, 'readRaw' | 'insertRaw' | 'updateRaw' | 'deleteRaw' | 'deleteAll'>
  /** where Girder's database was restored to */
  database: string
  /** collections of the backup that were restored, and what they are called there; views are not among them */
  collections: Map<string, string>
  signal: AbortSignal
}

/**
 * Applies the fix-ups to a restored database that nobody uses yet. Documents are streamed, and only those that change are written.
 * Returns what was done, and which collections were changed. What was changed is not changed again, should it be called once more.
 * Throws Problem `administrator-missing`, before anything is written.
 */
export async function applyFixUps(
  fixUps: FixUps,
  place: FixUpPlace,
): Promise<{ results: FixUpResult[]; changed: string[] }> {
  const administrator = fixUps.administrator === null ? null : makeAdministrator(fixUps.administrator)
  if (administrator) await requireAdministrator(administrator, fixUps.administrator ?? '', place)
  const planned = [
    ...planSimple(fixUps),
    ...(fixUps.keptSettings ? planKept(await standingSettings(fixUps, place.server)) : []),
    ...(administrator ? [administrator] : []),
    ...(await learnUsers(fixUps, place)),
  ]
  const results = planned.map(({ result }) => result)
  const changed: string[] = []
  for (const name of emptiedOf(fixUps)) {
    const collection = place.collections.get(name)
    if (collection === undefined) continue
    const count = await place.server.deleteAll(place.database, collection)
    results.push({ name: `empty ${name}`, changed: count, before: null, after: null })
    if (count > 0) changed.push(name)
  }
  for (const [name, collection] of place.collections) {
    place.signal.throwIfAborted()
    const concerned = planned.filter(({ concerns }) => concerns(name))
    if (concerned.length === 0) continue
    const written = (await changeDocuments(place, collection, concerned)) + (await addMissing(place, name, concerned))
    if (written > 0 && !changed.includes(name)) changed.push(name)
  }
  return { results, changed }
}

function planSimple(fixUps: FixUps): PlannedFixUp[] {
  return [
    ...fixUps.settings.map(({ key, value }) => changeSetting(key, value)),
    ...(fixUps.mailOff ? turnMailOff() : []),
    ...(fixUps.paths.length > 0 ? movePaths(fixUps.paths) : []),
    ...(fixUps.assetstoreAddress === null ? [] : [changeAssetstoreAddress(fixUps.assetstoreAddress)]),
    ...(fixUps.clearsRegisteredData ? [clearRegisteredData()] : []),
  ]
}

function planKept({ values, unset }: StandingSettings): PlannedFixUp[] {
  return [...values.map(({ key, value }) => changeSetting(key, value)), ...unset.map(removeSetting)]
}

function emptiedOf({ emptied, pseudonyms }: FixUps): string[] {
  return [...new Set<string>([...emptied, ...(pseudonyms ? secretCollections : [])])]
}

/** Without a user of that login nobody could sign in where all others have pseudonyms. */
async function requireAdministrator(
  administrator: ReturnType<typeof makeAdministrator>,
  login: string,
  place: FixUpPlace,
): Promise<void> {
  await eachUser(place, (user) => void administrator.change(user))
  if (administrator.isFound() || !place.collections.has('user')) return
  throw new Problem({
    code: 'administrator-missing',
    text: `The backup has no user “${login}”, who was to become an administrator. Nothing was changed.`,
    action: 'Name a user of the instance that was backed up, or nobody.',
    where: login,
  })
}

async function learnUsers(fixUps: FixUps, place: FixUpPlace): Promise<PlannedFixUp[]> {
  if (!fixUps.pseudonyms || fixUps.administrator === null) return []
  const pseudonyms = new Pseudonyms(Buffer.from(fixUps.pseudonyms.key, 'base64'), fixUps.administrator)
  await eachUser(place, (user) => pseudonyms.learn(user))
  return planPseudonyms(pseudonyms)
}

async function eachUser({ server, database, collections }: FixUpPlace, see: (user: Uint8Array) => void) {
  const collection = collections.get('user')
  if (collection === undefined) return
  for await (const batch of server.readRaw(database, collection)) for (const user of batch) see(user)
}

async function changeDocuments(place: FixUpPlace, collection: string, fixUps: PlannedFixUp[]): Promise<number> {
  const { server, database, signal } = place
  let written = 0
  for await (const batch of server.readRaw(database, collection)) {
    signal.throwIfAborted()
    const [updates, removals]: [Uint8Array[], Uint8Array[]] = [[], []]
    for (const document of batch) {
      const after = changeOne(document, fixUps)
      if (after === null) removals.push(removalOf(document))
      else if (after !== document) updates.push(replacementOf(after))
    }
    const where = `${database}.${collection}`
    await writeAll(updates, where, (some) => server.updateRaw(database, collection, some))
    await writeAll(removals, where, (some) => server.deleteRaw(database, collection, some))
    written += updates.length + removals.length
  }
  return written
}

async function writeAll(
  statements: Uint8Array[],
  where: string,
  write: (some: Uint8Array[]) => Promise<RawWritten>,
): Promise<void> {
  for (const some of batchesOf(statements)) {
    const { written, firstError } = await write(some)
    if (written !== some.length) throw notWritten(where, firstError)
  }
}

/** The document after all of them, counted where it changes; null: it is to go. */
function changeOne(document: Uint8Array, fixUps: PlannedFixUp[]): Uint8Array | null {
  let after: Uint8Array | null = document
  for (const { change, result } of fixUps) {
    if (after === null) return null
    const changed: Uint8Array | null = change(after)
    if (changed !== after) result.changed++
    after = changed
  }
  return after
}

async function addMissing(place: FixUpPlace, name: string, fixUps: PlannedFixUp[]): Promise<number> {
  let added = 0
  for (const { missing, result } of fixUps) {
    const document = missing?.collection === name ? missing.document() : null
    if (!document) continue
    const collection = place.collections.get(name) ?? name
    const { inserted, firstError } = await place.server.insertRaw(place.database, collection, [document])
    if (inserted !== 1) throw notWritten(`${place.database}.${collection}`, firstError)
    result.changed++
    added++
  }
  return added
}

/** A statement of `update` that puts a document in the place of the one of its id. */
function replacementOf(document: Uint8Array): Uint8Array {
  return documentOf([queryOf(document), { name: 'u', type: 3, value: document }])
}

/** A statement of `delete` for the one document. */
function removalOf(document: Uint8Array): Uint8Array {
  return documentOf([queryOf(document), elementOf('limit', 1)])
}

function queryOf(document: Uint8Array): RawElement {
  const id = elementsOf(document).find(({ name }) => name === '_id')
  if (!id) throw new Error('a document without an id')
  return { name: 'q', type: 3, value: documentOf([id]) }
}

function notWritten(where: string, reason: string | null): Problem {
  return new Problem({
    code: 'fix-up-refused',
    text: `MongoDB did not take a changed document${reason ? `: ${reason}` : ''}. Nothing that was there before is touched.`.slice(
      0,
      2000,
    ),
    action: 'Look at the log of MongoDB, then start the restore again.',
    where: where.slice(0, 1000),
  })
}
