import { isUtf8 } from 'node:buffer'
import { displayName } from '@/protocol/display-name'
import type { IndexEntry } from '@/protocol/index-entry'
import { Problem } from '@/protocol/problem'
import type { TarMember } from './tar-member'

/** The index line of a member. `place` is the part and offset of the header that leads to its content. */
export function toIndexEntry(
  member: TarMember,
  place: { part: number; offset: number },
  xxh128: string | null,
): IndexEntry {
  if (member.type === 'unsupported')
    throw new Problem({
      code: 'archive-damaged',
      text: 'The tar archive has a member of a kind that GNU tar does not write.',
      where: displayName(member.path).slice(0, 1000),
    })
  const entry: IndexEntry = {
    type: member.type,
    size: member.logicalBytes,
    mtime: member.mtime,
    mode: member.mode,
    uid: member.uid,
    gid: member.gid,
    part: place.part,
    offset: place.offset,
  }
  if (isUtf8(member.path)) entry.path = member.path.toString('utf8')
  else entry.pathBase64 = member.path.toString('base64')
  if (member.type === 'symlink' || member.type === 'hardlink') {
    if (isUtf8(member.linkPath)) entry.link = member.linkPath.toString('utf8')
    else entry.linkBase64 = member.linkPath.toString('base64')
  }
  if (xxh128 !== null) entry.xxh128 = xxh128
  return entry
}
