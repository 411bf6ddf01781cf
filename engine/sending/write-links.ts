import type { TarMember } from '@/engine/files/tar-member'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import { contentDiffers } from './content-problem'
import type { FolderNames } from './folder-names'
import type { OpenBackup } from './open-backup'
import type { OutgoingTar } from './outgoing-tar'
import { offsetOf, walkMembers } from './walk-members'

/** A file outside the folder whose content is needed for hard links within it. */
type Outside = { path: Buffer; links: IndexEntry[]; xxh128: string | undefined }

/**
 * Writes the hard links of a folder. Those whose first name lies within it are links in the new archive too; of the others the
 * first becomes the file itself, with the content that stands elsewhere in the archive, and the rest are links to it.
 */
export async function writeLinks(
  links: IndexEntry[],
  names: FolderNames,
  opened: OpenBackup,
  lines: () => AsyncIterable<IndexEntry>,
  tar: OutgoingTar,
): Promise<void> {
  const outside = new Map<number, Outside>()
  for (const link of links) {
    const target = linkTargetOf(link)
    if (names.isBelow(target)) await tar.member(asLink(link, names, names.shorten(target)), undefined)
    else {
      const offset = offsetOf(opened.artifact, link)
      const known = outside.get(offset)
      if (known) known.links.push(link)
      else outside.set(offset, { path: target, links: [link], xxh128: undefined })
    }
  }
  if (outside.size === 0) return
  await findHashes(outside, opened, lines())
  for (const group of byPart(outside)) await writeOutside(group, names, opened, tar)
}

async function findHashes(outside: Map<number, Outside>, { artifact }: OpenBackup, lines: AsyncIterable<IndexEntry>) {
  for await (const entry of lines) {
    const file = entry.type === 'file' ? outside.get(offsetOf(artifact, entry)) : undefined
    if (file) file.xxh128 = entry.xxh128
  }
}

/** Files that begin in one part are read in one go. */
function byPart(outside: Map<number, Outside>): Map<number, Outside>[] {
  const groups = new Map<number, Map<number, Outside>>()
  for (const [offset, file] of [...outside].sort(([a], [b]) => a - b)) {
    const part = file.links[0]?.part ?? 0
    const group = groups.get(part) ?? new Map<number, Outside>()
    groups.set(part, group.set(offset, file))
  }
  return [...groups.values()]
}

async function writeOutside(
  files: Map<number, Outside>,
  names: FolderNames,
  { artifact, reader }: OpenBackup,
  tar: OutgoingTar,
): Promise<void> {
  const [first, last] = [[...files.values()].at(0)?.links[0], [...files.values()].at(-1)?.links[0]]
  if (!first || !last) return
  let file: Outside | undefined
  await walkMembers(artifact, { first, last, lastPart: first.part }, reader, {
    member: (member, offset) => {
      file = files.get(offset)
      const link = file?.links[0]
      if (!file || !link) return undefined
      if (member.type !== 'file' || !member.path.equals(file.path))
        throw contentDiffers(pathOf(link), 'another file stands where the index says that its content is')
      return tar.member({ ...member, path: names.shorten(pathOf(link)) }, file.xxh128)
    },
    data: (piece) => (file ? tar.data(piece) : undefined),
    memberEnd: async () => {
      const ended = file
      file = undefined
      if (!ended?.links[0]) return
      await tar.memberEnd()
      const target = names.shorten(pathOf(ended.links[0]))
      for (const link of ended.links.slice(1)) await tar.member(asLink(link, names, target), undefined)
    },
  })
}

function asLink(entry: IndexEntry, names: FolderNames, linkPath: Buffer): TarMember {
  const { mode, uid, gid, mtime } = entry
  return {
    ...{ type: 'hardlink', path: names.shorten(pathOf(entry)), linkPath, mode, uid, gid, mtime },
    ...{ startOffset: 0, storedBytes: 0, logicalBytes: 0, extents: null, deviceMajor: 0, deviceMinor: 0 },
    ...{ attributes: new Map(), isOversized: false },
  }
}
