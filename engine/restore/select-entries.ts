import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { offsetOf } from '@/engine/sending/walk-members'
import { displayName } from '@/protocol/display-name'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import { Problem } from '@/protocol/problem'
import { readIndex } from '@/protocol/read-index'
import {
  artifactBytes,
  type IndexArtifact,
  type RestorePlace,
  type RestoreRun,
  type TreesArtifact,
} from './restore-run'
import { SelectedPaths } from './selected-paths'
import { type Stretch, Stretches } from './stretches'

/** What was chosen of an archive, and where in it that stands. */
export type SelectedTree = {
  paths: SelectedPaths
  /** the lines of the index that were chosen, in the spool */
  file: string
  /** of the content of files */
  bytes: number
  stretches: Stretch[]
  /** by offset in the archive: what is not chosen itself, but chosen hard links are further names of it */
  outside: Map<number, OutsideEntry>
}

/** `link`: the first of its chosen names, which becomes the file. `entry`: as the index has it; null until it was found. */
export type OutsideEntry = { link: IndexEntry; entry: IndexEntry | null }

/** So many fit the memory of a small host. */
const mostOutside = 250_000
const linesAtOnce = 500

/**
 * Reads the index of an archive and finds what was chosen of it: paths in base64. Throws Problem `path-unknown` when nothing is
 * there of one of them, `too-many-links`, `index-damaged`, and what reading throws.
 */
export async function selectEntries(
  run: RestoreRun,
  place: RestorePlace,
  artifact: TreesArtifact,
  index: IndexArtifact,
  wanted: string[],
): Promise<SelectedTree> {
  const lines = () => readIndex(artifactBytes(run, place, index), index.name)
  const tree: SelectedTree = {
    paths: new SelectedPaths(wanted),
    file: join(place.spool.folder, `selected-${index.name}`),
    bytes: 0,
    stretches: [],
    outside: new Map(),
  }
  await pipeline(chosenLines(lines(), artifact, tree), createWriteStream(tree.file, { flags: 'wx', mode: 0o600 }), {
    signal: run.scope.signal,
  })
  const missing = tree.paths.unmatched()
  if (missing) throw pathUnknown(missing)
  if (tree.outside.size > 0) await findOutside(lines(), artifact, tree)
  return tree
}

/** The lines that are chosen. Notes meanwhile where their members stand, and whose further names the hard links are. */
async function* chosenLines(
  entries: AsyncIterable<IndexEntry>,
  artifact: TreesArtifact,
  tree: SelectedTree,
): AsyncGenerator<string> {
  const stretches = new Stretches(artifact)
  let [text, waiting] = ['', 0]
  for await (const entry of entries) {
    const isChosen = tree.paths.holds(pathOf(entry))
    if (entry.type !== 'hardlink') {
      stretches.pass(entry, entry.size, isChosen)
      if (isChosen) tree.bytes += entry.size
    } else if (isChosen && !tree.paths.holds(linkTargetOf(entry))) noteOutside(entry, artifact, tree)
    if (!isChosen) continue
    text += `${JSON.stringify(entry)}\n`
    if (++waiting < linesAtOnce) continue
    yield text
    text = ''
    waiting = 0
  }
  if (text !== '') yield text
  stretches.finish()
  tree.stretches = stretches.list
}

function noteOutside(link: IndexEntry, artifact: TreesArtifact, { outside }: SelectedTree): void {
  const offset = offsetOf(artifact, link)
  if (!outside.has(offset)) outside.set(offset, { link, entry: null })
  if (outside.size > mostOutside) throw tooManyLinks()
}

/** Goes through the index once more, for what the first pass had passed over. */
async function findOutside(
  entries: AsyncIterable<IndexEntry>,
  artifact: TreesArtifact,
  tree: SelectedTree,
): Promise<void> {
  const stretches = new Stretches(artifact)
  for await (const entry of entries) {
    if (entry.type === 'hardlink') continue
    const found = tree.outside.get(offsetOf(artifact, entry))
    if (found && pathOf(entry).equals(linkTargetOf(found.link))) {
      found.entry = entry
      tree.bytes += entry.size
    }
    stretches.pass(entry, entry.size, found !== undefined || tree.paths.holds(pathOf(entry)))
  }
  for (const { link, entry } of tree.outside.values()) if (!entry) throw linkDamaged(link)
  stretches.finish()
  tree.stretches = stretches.list
}

/** The parts that hold what is wanted of an archive; all where nothing was selected. */
export function neededParts(artifact: TreesArtifact, tree: SelectedTree | undefined): TreesArtifact['parts'] {
  if (!tree) return artifact.parts
  return tree.stretches.flatMap(({ first, lastPart }) => artifact.parts.slice(first.part, lastPart + 1))
}

/** The entries that the restored place must have: what a chosen link leads to outside stands under the link's own name. */
export async function* selectedIndex(artifact: TreesArtifact, tree: SelectedTree): AsyncGenerator<IndexEntry> {
  for await (const entry of readIndex(createReadStream(tree.file), artifact.name)) {
    const outside = entry.type === 'hardlink' ? tree.outside.get(offsetOf(artifact, entry)) : undefined
    yield outside ? asRestored(entry, outside) : entry
  }
}

function asRestored(link: IndexEntry, { link: first, entry }: OutsideEntry): IndexEntry {
  if (entry && pathOf(link).equals(pathOf(first))) {
    const { path: _path, pathBase64: _pathBase64, ...facts } = entry
    return { ...facts, ...pathFields(link) }
  }
  const { link: _link, linkBase64: _linkBase64, ...facts } = link
  const { path, pathBase64 } = first
  return { ...facts, ...(pathBase64 === undefined ? { link: path ?? '' } : { linkBase64: pathBase64 }) }
}

function pathFields({ path, pathBase64 }: IndexEntry): Pick<IndexEntry, 'path' | 'pathBase64'> {
  return pathBase64 === undefined ? { path: path ?? '' } : { pathBase64 }
}

function pathUnknown(path: Buffer): Problem {
  return new Problem({
    code: 'path-unknown',
    text: 'The backup holds nothing at one of the chosen paths.',
    action: 'Choose again out of the files of this backup.',
    where: displayName(path).slice(0, 1000),
  })
}

function linkDamaged(link: IndexEntry): Problem {
  return new Problem({
    code: 'index-damaged',
    text: 'The index says that a chosen file is another name of one that it does not have.',
    action: 'Restore the whole artifact instead, and report this.',
    where: displayName(pathOf(link)).slice(0, 1000),
  })
}

function tooManyLinks(): Problem {
  return new Problem({
    code: 'too-many-links',
    text: `What was chosen holds more than ${mostOutside.toLocaleString('en-GB')} further names of files that were not chosen.`,
    action:
      'Choose the folders that hold those files as well (the workspaces besides their versions), or the whole tree.',
  })
}
