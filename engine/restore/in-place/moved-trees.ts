import { isUtf8 } from 'node:buffer'
import type { ChosenBackup } from '@/engine/restore/restore-run'
import { displayName } from '@/protocol/display-name'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import { Problem } from '@/protocol/problem'
import type { InPlaceSpec } from '@/protocol/specs'
import { liesAtOrBelow } from './path-mover'

type Move = { source: string; from: Buffer; to: Buffer }

/** Where trees of another instance's backup belong on this host, where that is elsewhere than they were. Paths are absolute and raw. */
export class MovedTrees {
  constructor(readonly moves: readonly Move[]) {}

  /** The place of what was backed up at a path. */
  placeOf(path: Buffer): Buffer {
    const move = this.moves
      .filter(({ from }) => liesAtOrBelow(path, from))
      .reduce<Move | null>((longest, one) => (longest && longest.from.length >= one.from.length ? longest : one), null)
    return move ? Buffer.concat([move.to, path.subarray(move.from.length)]) : path
  }

  /** The same for a member's name, which has no leading slash. */
  nameOf(name: Buffer): Buffer {
    return this.placeOf(Buffer.concat([slash, name])).subarray(1)
  }

  /** Entries under the names that they get. */
  entries(index: AsyncIterable<IndexEntry>): AsyncIterable<IndexEntry> {
    return this.moves.length === 0 ? index : this.#movedEntries(index)
  }

  async *#movedEntries(index: AsyncIterable<IndexEntry>): AsyncGenerator<IndexEntry> {
    for await (const entry of index) yield this.#moved(entry)
  }

  #moved(entry: IndexEntry): IndexEntry {
    const { path: _path, pathBase64: _pathBase64, link: _link, linkBase64: _linkBase64, ...facts } = entry
    const name = this.nameOf(pathOf(entry))
    const named = isUtf8(name) ? { path: name.toString() } : { pathBase64: name.toString('base64') }
    if (entry.type !== 'hardlink') {
      const { link, linkBase64 } = entry
      return {
        ...facts,
        ...named,
        ...(link !== undefined && { link }),
        ...(linkBase64 !== undefined && { linkBase64 }),
      }
    }
    const target = this.nameOf(linkTargetOf(entry))
    return {
      ...facts,
      ...named,
      ...(isUtf8(target) ? { link: target.toString() } : { linkBase64: target.toString('base64') }),
    }
  }
}

const slash = Buffer.from('/')

/**
 * A tree goes where the target's source of the same slug lies; one that has none goes where it was. Throws Problem `places-overlap`
 * where one would come to lie inside another.
 */
export function movedTrees({ target }: InPlaceSpec, { manifest, sameInstance }: ChosenBackup): MovedTrees {
  if (sameInstance) return new MovedTrees([])
  const roots = manifest.sources.flatMap(({ kind, slug, paths: [path] }) =>
    kind === 'tree' && path !== undefined ? [{ source: slug, from: Buffer.from(path) }] : [],
  )
  const moves = roots.flatMap(({ source, from }) => {
    const place = target.trees.find((tree) => tree.source === source)
    const to = Buffer.from(place?.path ?? from)
    return to.equals(from) ? [] : [{ source, from, to }]
  })
  const moved = new MovedTrees(moves)
  for (const one of roots)
    for (const other of roots)
      if (
        one !== other &&
        !liesAtOrBelow(one.from, other.from) &&
        liesAtOrBelow(moved.placeOf(one.from), moved.placeOf(other.from))
      )
        throw placesOverlap(moved.placeOf(one.from))
  return moved
}

function placesOverlap(path: Buffer): Problem {
  return new Problem({
    code: 'places-overlap',
    text: 'Two trees of the backup would come to lie one inside the other here.',
    action: 'Give the sources of this instance that have the same slugs folders of their own, or restore beside.',
    where: displayName(path).slice(0, 1000),
  })
}
