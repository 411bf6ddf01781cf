import { parseExtendedJson } from '@/engine/mongodb/extended-json'
import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import { collectionMover } from './collection-mover'
import { type DatabasePlace, listNamespaces, viewOptions } from './database-place'
import { setAttributes } from './folder-attributes'
import type { Journal } from './journal'
import type { CollectionItem, Direction, ExpiryItem, FolderItem, Item, PathItem, ViewItem } from './journal-records'
import type { Mover } from './mover'
import { nextMove } from './next-move'
import { pathMover, placeOf } from './path-mover'

export type SettleOptions = {
  journal: Journal
  /** null where no item is of MongoDB */
  server: DatabasePlace | null
  log: (level: 'info' | 'warn', text: string) => void
}

/**
 * Brings all items to where the journal's last decision wants them, by small steps of which each is announced in the journal
 * first and may have been done already. Never ended by a signal: half-way is the one place not to stop at. Throws what the
 * system or MongoDB says; calling it again goes on.
 */
export async function settle(options: SettleOptions): Promise<void> {
  const { journal } = options
  const { direction, items } = journal.state
  const of = sorted(items)
  await dropViews(of.views, direction, options)
  const order = direction === 'forward' ? (list: Item[]) => list : (list: Item[]) => [...list].reverse()
  for (const item of order([...of.paths, ...of.collections]))
    if (item.kind === 'path') await settleOne(item, pathMover, options)
    else if (item.kind === 'collection')
      await settleOne(item, collectionMover(requireServer(options), journal.state.begin.tag), options)
  await createViews(of.views, direction, options)
  if (direction === 'forward') await buildExpiries(of.expiries, options)
  for (const folder of of.folders) await settleFolder(folder, direction, options)
}

/** Announces a step, on the disk before it is done. */
function announce({ journal }: SettleOptions, what: string): void {
  journal.append({ type: 'step', number: journal.state.steps + 1, what: what.slice(0, 5000) })
}

/** Away, there, and once somebody else was in between. */
const mostMoves = 10

async function settleOne<T extends PathItem | CollectionItem>(
  item: T,
  mover: Mover<T>,
  options: SettleOptions,
): Promise<void> {
  const { direction } = options.journal.state
  for (let moves = 0; moves < mostMoves; moves++) {
    const move = nextMove(item, await mover.see(item), direction)
    if (!move) return
    announce(options, `${mover.words(item)}: ${move.from} → ${move.to}`)
    if (move.to === 'late')
      options.log('warn', `${mover.words(item)} was made by somebody else meanwhile; it is kept beside as “late”.`)
    await mover.move(item, move)
  }
  throw new Problem({
    code: 'writers-active',
    text: 'Something is made again and again at a place that is being exchanged.',
    action: 'Stop what writes there, then let the restore go on.',
    where: mover.words(item).slice(0, 1000),
  })
}

const wanted = (view: ViewItem, direction: Direction) => (direction === 'forward' ? view.after : view.before)

async function dropViews(views: ViewItem[], direction: Direction, options: SettleOptions): Promise<void> {
  for (const view of views) {
    const server = requireServer(options)
    const found = (await listNamespaces(server, view.database)).get(view.name)
    if (found?.type !== 'view' || found.definition === wanted(view, direction)) continue
    announce(options, `view ${view.database}.${view.name}: dropped`)
    await server.dropCollection(view.database, view.name)
  }
}

async function createViews(views: ViewItem[], direction: Direction, options: SettleOptions): Promise<void> {
  for (const view of views) {
    const definition = wanted(view, direction)
    if (definition === null) continue
    const server = requireServer(options)
    if ((await listNamespaces(server, view.database)).has(view.name)) continue
    announce(options, `view ${view.database}.${view.name}: made`)
    await server.createCollection(view.database, view.name, viewOptions(definition))
  }
}

/** Building one that is there already changes nothing. A refusal is said and is no failure: no document depends on it. */
async function buildExpiries(expiries: ExpiryItem[], options: SettleOptions): Promise<void> {
  for (const { database, name, index } of expiries) {
    announce(options, `${database}.${name}: index that lets documents expire`)
    const specification = parseExtendedJson(index)
    if (!(specification instanceof Map)) continue
    try {
      await requireServer(options).createIndexes(database, name, [specification])
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown error'
      options.log('warn', `MongoDB refused an index of ${database}.${name} that lets documents expire: ${reason}`)
    }
  }
}

async function settleFolder(folder: FolderItem, direction: Direction, options: SettleOptions): Promise<void> {
  announce(options, `${displayName(placeOf(folder))}: its attributes`)
  await setAttributes(placeOf(folder), direction === 'forward' ? folder.after : folder.before)
}

export function sorted(items: Item[]) {
  return {
    paths: items.filter((item) => item.kind === 'path'),
    collections: items.filter((item) => item.kind === 'collection'),
    views: items.filter((item) => item.kind === 'view'),
    expiries: items.filter((item) => item.kind === 'expiry'),
    folders: items.filter((item) => item.kind === 'folder'),
  }
}

function requireServer({ server }: SettleOptions): DatabasePlace {
  if (server) return server
  throw new Error('an item is of MongoDB, and there is no server')
}
