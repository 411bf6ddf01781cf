import type { IndexEntry } from '@/protocol/index-entry'
import { ContentHash } from './content-hash'
import { toIndexEntry } from './index-entry'
import { NameTable } from './name-table'
import type { TarMember } from './tar-member'
import type { TarHandlers } from './tar-reader'

export type ArchiveIndexOptions = {
  /** parts are cut at exactly so many raw bytes */
  partBytes: number
  /** takes each entry in tar order */
  index: (entry: IndexEntry) => Promise<void> | undefined
  /** told of each member before its entry; `isHashed` is false for a file whose holes are too large */
  counted: (member: TarMember, isHashed: boolean) => void
}

/** Handlers for a TarReader that make an index entry of each member, with the hash of its content and its place in the parts. */
export async function createArchiveIndex(options: ArchiveIndexOptions): Promise<TarHandlers> {
  const hash = await ContentHash.create()
  const firstNames = new NameTable()
  let current: TarMember | null = null

  const finish = (member: TarMember, xxh128: string | null) => {
    const place = placeOf(member)
    options.counted(member, member.type !== 'file' || xxh128 !== null)
    return options.index(toIndexEntry(member, partAndOffset(place, options.partBytes), xxh128))
  }

  /** A hard link leads to where its first name stands. */
  const placeOf = (member: TarMember) => {
    if (member.type === 'hardlink') return firstNames.get(member.linkPath) ?? member.startOffset
    if (member.type !== 'directory') firstNames.set(member.path, member.startOffset)
    return member.startOffset
  }

  return {
    member: (member) => {
      current = member
      if (member.type === 'file') hash.begin(member)
      return undefined
    },
    data: (piece) => (current?.type === 'file' ? hash.update(piece) : undefined),
    memberEnd: () => {
      const member = current
      if (!member) return undefined
      if (member.type !== 'file') return finish(member, null)
      if (member.extents === null) return finish(member, hash.finish())
      return hash.finishSparse().then((xxh128) => finish(member, xxh128))
    },
  }
}

function partAndOffset(rawOffset: number, partBytes: number): { part: number; offset: number } {
  return { part: Math.floor(rawOffset / partBytes), offset: rawOffset % partBytes }
}
