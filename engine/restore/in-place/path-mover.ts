import { lstat } from 'node:fs/promises'
import { displayName } from '@/protocol/display-name'
import {
  isThere,
  joined,
  makeFolders,
  nameIn,
  nameOf,
  openFolder,
  parentOf,
  renameBetween,
  segmentsOf,
} from './folder-handle'
import type { PathItem } from './journal-records'
import type { Mover } from './mover'
import type { Move, Seen, Standing } from './next-move'

/** Moves files and folders between their place and the stage on the same filesystem. */
export const pathMover: Mover<PathItem> = {
  see: async (item): Promise<Seen> => ({
    place: await isThere(pathOf(item, 'place')),
    fresh: item.hasNew && (await isThere(pathOf(item, 'fresh'))),
    old: await isThere(pathOf(item, 'old')),
  }),
  move: async (item, { from, to }: Move) => {
    const [source, target] = [pathOf(item, from), pathOf(item, to)]
    const out = await openFolder(parentOf(source))
    try {
      const into = to === 'place' ? await openFolder(parentOf(target)) : await makeStageFolders(item, target)
      try {
        const name = to === 'late' ? await freeName(into, nameOf(target)) : nameOf(target)
        await renameBetween({ folder: out, name: nameOf(source) }, { folder: into, name })
      } finally {
        await into.close()
      }
    } finally {
      await out.close()
    }
  },
  words: (item) => displayName(placeOf(item)),
}

export function placeOf({ place }: { place: string }): Buffer {
  return Buffer.from(place, 'base64')
}

export function pathOf(item: Pick<PathItem, 'place' | 'stage' | 'artifact'>, standing: Standing): Buffer {
  const place = placeOf(item)
  switch (standing) {
    case 'place':
      return place
    case 'fresh':
      return joined(item.stage, 'new', item.artifact, place)
    case 'old':
      return joined(item.stage, 'old', place)
    case 'late':
      return joined(item.stage, 'late', place)
  }
}

function makeStageFolders({ stage }: PathItem, target: Buffer) {
  const below = parentOf(target).subarray(Buffer.byteLength(stage))
  return makeFolders(Buffer.from(stage), below)
}

/** Whoever comes late twice is kept twice. */
async function freeName(folder: Parameters<typeof nameIn>[0], name: Buffer): Promise<Buffer> {
  for (let number = 1; ; number++) {
    // a name has at most 255 bytes
    const candidate = number === 1 ? name : Buffer.concat([name.subarray(0, 240), Buffer.from(`~${number}`)])
    const isTaken = await lstat(nameIn(folder, candidate)).then(
      () => true,
      () => false,
    )
    if (!isTaken) return candidate
  }
}

/** Whether a path is one of the others or lies below one. */
export function liesAtOrBelow(path: Buffer, folder: Buffer): boolean {
  if (segmentsOf(folder).length === 0) return true
  return (
    path.subarray(0, folder.length).equals(folder) && (path.length === folder.length || path[folder.length] === 0x2f)
  )
}
