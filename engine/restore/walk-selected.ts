import type { MemberWalk } from '@/engine/files/extract-tar'
import type { TarMember } from '@/engine/files/tar-member'
import type { TarHandlers } from '@/engine/files/tar-reader'
import type { ReaderOptions } from '@/engine/parts/part-reader'
import { walkMembers } from '@/engine/sending/walk-members'
import { type IndexEntry, linkTargetOf, pathOf } from '@/protocol/index-entry'
import type { TreesArtifact } from './restore-run'
import { type SelectedTree, selectedIndex } from './select-entries'

/** Tells of the members that were chosen, fetching only the parts that hold them: first what has content, at the end all hard links. */
export function walkSelected(artifact: TreesArtifact, tree: SelectedTree, reader: ReaderOptions): MemberWalk {
  return async (handlers) => {
    for (const stretch of tree.stretches) {
      let isTaken = false
      await walkMembers(artifact, stretch, reader, {
        member: (member, offset) => {
          const taken = chosenMember(tree, member, offset)
          isTaken = taken !== null
          return taken ? handlers.member(taken) : undefined
        },
        data: (piece) => (isTaken ? handlers.data(piece) : undefined),
        memberEnd: () => (isTaken ? handlers.memberEnd() : undefined),
      })
    }
    await tellLinks(artifact, tree, handlers)
  }
}

function chosenMember(tree: SelectedTree, member: TarMember, offset: number): TarMember | null {
  if (member.type === 'hardlink') return null
  const outside = tree.outside.get(offset)
  if (outside) return { ...member, path: pathOf(outside.link) }
  return tree.paths.holds(member.path) ? member : null
}

async function tellLinks(artifact: TreesArtifact, tree: SelectedTree, handlers: TarHandlers): Promise<void> {
  for await (const entry of selectedIndex(artifact, tree)) {
    if (entry.type !== 'hardlink') continue
    await handlers.member(asMember(entry))
    await handlers.memberEnd()
  }
}

/** A hard link has no content, and all else is what the file has. */
function asMember(entry: IndexEntry): TarMember {
  const { mode, uid, gid, mtime } = entry
  return {
    ...{ type: 'hardlink', path: pathOf(entry), linkPath: linkTargetOf(entry), mode, uid, gid, mtime },
    ...{ startOffset: 0, storedBytes: 0, logicalBytes: 0, extents: null, deviceMajor: 0, deviceMinor: 0 },
    ...{ attributes: new Map(), isOversized: false },
  }
}
