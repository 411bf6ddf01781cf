import type { Dirent } from 'node:fs'
import { opendir } from 'node:fs/promises'
import { displayName } from '@/protocol/display-name'
import { Problem } from '@/protocol/problem'
import { ownFolder } from './beside'
import { readAttributes } from './folder-attributes'
import { isThere, joined, openFolder, parentOf, segmentsOf } from './folder-handle'
import type { Attributes, FolderItem, PathItem } from './journal-records'
import { liesAtOrBelow, pathOf } from './path-mover'
import { treeFacts } from './tree-facts'

/** What of one archive is to be put in place on one filesystem. */
export type Ground = {
  /** `<root>/.talekeeper/<restore>`; the archive was extracted below `new/<artifact>/` */
  stage: string
  artifact: string
  /** trees that are restored whole: what they hold and the backup does not is taken away */
  whole: Buffer[]
  /** files and folders of which each is exchanged, and nothing beside it */
  chosen: Buffer[]
  /** what the backup left out by wish: it stays where it stands, since no backup has it */
  excluded: Buffer[]
}

export type PlanOptions = {
  mountPoints: string[]
  sinceNs: bigint
  /** attributes of folders as they were before our own folder was made in them, by path in base64 */
  originals: Map<string, Attributes>
  signal: AbortSignal
}

export type PathPlan = { paths: PathItem[]; folders: FolderItem[] }

/**
 * Decides what is exchanged, from what waits in the stage and what stands in place, and notes what both are like. Throws Problem
 * `writes-seen` when something was written there after `sinceNs`, `mounted-below`, or `link-in-the-way`.
 */
export async function planPaths(grounds: Ground[], options: PlanOptions): Promise<PathPlan> {
  const paths = new Map<string, PathItem>()
  const folders = new Map<string, FolderItem>()
  for (const ground of grounds) {
    const chosen = [...ground.chosen]
    for (const root of ground.whole) {
      if (!(await isThere(root))) chosen.push(root)
      else await planTree(root, ground, options, paths, folders)
    }
    for (const path of chosen) await planChosen(path, ground, options, paths, folders)
  }
  for (const [place, before] of options.originals)
    if (!folders.has(place)) folders.set(place, { kind: 'folder', place, before, after: before })
  const items = [...paths.values()]
  for (const item of items) {
    refuseMounts(item, options.mountPoints)
    await noteFacts(item, options)
  }
  return { paths: items, folders: [...folders.values()] }
}

async function planTree(
  root: Buffer,
  ground: Ground,
  options: PlanOptions,
  paths: Map<string, PathItem>,
  folders: Map<string, FolderItem>,
): Promise<void> {
  const { mountPoints, originals } = options
  const staged = pathOf(blank(root, ground), 'fresh')
  const fresh = await namesIn(staged)
  const present = await namesIn(root)
  for (const name of new Set([...fresh, ...present])) {
    const path = joined(root, Buffer.from(name, 'latin1'))
    if (isNeverMoved(root, name, mountPoints) || (!fresh.has(name) && isMountPoint(path, mountPoints))) continue
    if (ground.excluded.some((excluded) => excluded.equals(path))) continue
    if (await holdsExcluded(path, ground)) await planTree(path, ground, options, paths, folders)
    else add(paths, { ...blank(path, ground), hadOld: present.has(name), hasNew: fresh.has(name) })
  }
  const place = root.toString('base64')
  const before = originals.get(place) ?? (await readAttributes(root))
  const after = (await isThere(staged)) ? await readAttributes(staged) : before
  folders.set(place, { kind: 'folder', place, before, after })
}

/** What stands in a tree's root and would be exchanged or taken away with all that it holds, by names for people. */
export async function standingIn(root: Buffer, excluded: Buffer[], mountPoints: string[]): Promise<string[]> {
  const names = [...(await namesIn(root))].filter((name) => {
    const path = joined(root, Buffer.from(name, 'latin1'))
    const isLeft = isNeverMoved(root, name, mountPoints) || isMountPoint(path, mountPoints)
    return !isLeft && !excluded.some((one) => one.equals(path))
  })
  return names.sort((a, b) => (a < b ? -1 : 1)).map((name) => displayName(Buffer.from(name, 'latin1')))
}

/** Our own folder, and what a filesystem keeps for itself. */
function isNeverMoved(root: Buffer, name: string, mountPoints: string[]): boolean {
  return name === latin(ownFolder) || (name === 'lost+found' && isMountPoint(root, mountPoints))
}

function isMountPoint(path: Buffer, mountPoints: string[]): boolean {
  return mountPoints.some((point) => Buffer.from(point).equals(path))
}

/** Whether something that was left out by wish stands below a path: then the folder stays, and what is in it is exchanged piece by piece. */
async function holdsExcluded(path: Buffer, { excluded }: Ground): Promise<boolean> {
  for (const one of excluded)
    if (one.length > path.length && liesAtOrBelow(one, path) && (await isInFolders(one))) return true
  return false
}

/** False as well where a link or a file stands in the way. */
async function isInFolders(path: Buffer): Promise<boolean> {
  try {
    return await isThere(path)
  } catch (error) {
    if (error instanceof Problem && error.code === 'link-in-the-way') return false
    throw error
  }
}

/** What of the way there is missing comes along: the item is then the uppermost folder that is missing. */
async function planChosen(
  path: Buffer,
  ground: Ground,
  options: PlanOptions,
  paths: Map<string, PathItem>,
  folders: Map<string, FolderItem>,
): Promise<void> {
  if (await holdsExcluded(path, ground)) return planTree(path, ground, options, paths, folders)
  const { originals } = options
  const place = await uppermostMissing(path)
  const [hadOld, hasNew] = [place.equals(path) && (await isThere(path)), true]
  if (!(await isThere(pathOf(blank(place, ground), 'fresh')))) throw notStaged(path)
  add(paths, { ...blank(place, ground), hadOld, hasNew })
  const parent = parentOf(place)
  const key = parent.toString('base64')
  if (folders.has(key)) return
  const attributes = originals.get(key) ?? (await readAttributes(parent))
  folders.set(key, { kind: 'folder', place: key, before: attributes, after: attributes })
}

/** The path itself when the folder it lies in is there. Throws when a link or a file stands in its way. */
async function uppermostMissing(path: Buffer): Promise<Buffer> {
  const segments = segmentsOf(path)
  for (let length = 1; length < segments.length; length++) {
    const folder = joined(Buffer.alloc(0), ...segments.slice(0, length))
    const handle = await openFolder(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (!handle) return folder
    await handle.close()
  }
  return path
}

function add(paths: Map<string, PathItem>, item: PathItem): void {
  if (!paths.has(item.place)) paths.set(item.place, item)
}

function blank(path: Buffer, { stage, artifact }: Ground): PathItem {
  return {
    kind: 'path',
    place: path.toString('base64'),
    stage,
    artifact,
    hadOld: false,
    hasNew: false,
    before: null,
    after: null,
  }
}

async function noteFacts(item: PathItem, options: { sinceNs: bigint; signal: AbortSignal }): Promise<void> {
  if (item.hadOld) {
    const { changed, ...facts } = await treeFacts(pathOf(item, 'place'), options.signal, options.sinceNs)
    const [first] = changed
    if (first)
      throw new Problem({
        code: 'writes-seen',
        text: 'Something was written after the restore began to look, so that it would be lost from sight. Nothing was changed.',
        action: 'Stop what writes there (put Girder into maintenance, end running tales), and start the restore again.',
        where: displayName(first).slice(0, 1000),
      })
    item.before = facts
  }
  if (!item.hasNew) return
  const { changed: _, ...facts } = await treeFacts(pathOf(item, 'fresh'), options.signal)
  item.after = facts
}

/** A folder with something mounted at it cannot be renamed, and what is mounted below would be carried away. */
export function refuseMounts({ place }: Pick<PathItem, 'place'>, mountPoints: string[]): void {
  const path = Buffer.from(place, 'base64')
  const point = mountPoints.find((candidate) => liesAtOrBelow(Buffer.from(candidate), path))
  if (point === undefined) return
  throw new Problem({
    code: 'mounted-below',
    text: 'Something is mounted inside what is to be replaced.',
    action: 'Unmount it for the restore, or restore only what lies beside it.',
    where: point.slice(0, 1000),
  })
}

/** Raw names as latin1 text; of what is not there none. Throws Problem `folder-in-the-way` for what is no folder. */
async function namesIn(folder: Buffer): Promise<Set<string>> {
  const names = new Set<string>()
  try {
    // names are bytes: with encoding `buffer` they come as such, whatever the type says
    for await (const entry of (await opendir(folder, {
      encoding: 'buffer' as BufferEncoding,
    })) as AsyncIterable<Dirent>)
      names.add((entry.name as unknown as Buffer).toString('latin1'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTDIR') throw noFolder(folder)
    if (code !== 'ENOENT') throw error
  }
  return names
}

const latin = (text: string) => Buffer.from(text).toString('latin1')

function notStaged(path: Buffer): Problem {
  return new Problem({
    code: 'not-staged',
    text: 'What was chosen did not come out of the backup.',
    action: 'Restore it beside, and look at the log of that restore.',
    where: displayName(path).slice(0, 1000),
  })
}

function noFolder(path: Buffer): Problem {
  return new Problem({
    code: 'folder-in-the-way',
    text: 'The backup has a file or a link where a folder stands that holds what is left out of backups.',
    action: 'Move that folder away, or restore beside.',
    where: displayName(path).slice(0, 1000),
  })
}
