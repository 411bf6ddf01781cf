import { formatPaxRecords, type PaxRecords } from './pax-records'
import { formatSparseMap } from './sparse-map'
import { blockBytes, encodeHeader, fitsOctal } from './tar-header'
import type { TarMember } from './tar-member'

const typeFlags: Record<TarMember['type'], string> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
  unsupported: '0',
}

/**
 * The headers of a member, written anew from what was read, so that whoever reads them next cannot understand them in another way
 * than we did. After them come `storedBytes` of content of a file, filled to a whole block (`paddingAfter`).
 */
export function encodeMember(member: TarMember): Buffer {
  const map = member.extents && member.type === 'file' ? formatSparseMap(member.extents) : Buffer.alloc(0)
  const size = member.type === 'file' ? map.length + member.storedBytes : 0
  const records = recordsOf(member, size)
  const header = encodeHeader({
    name: member.extents ? Buffer.from('sparse') : member.path,
    linkName: member.linkPath,
    typeFlag: typeFlags[member.type],
    size,
    mode: member.mode,
    uid: member.uid,
    gid: member.gid,
    mtimeSeconds: wholeSeconds(member.mtime) ?? 0,
    deviceMajor: member.deviceMajor,
    deviceMinor: member.deviceMinor,
  })
  return records.size === 0 ? Buffer.concat([header, map]) : Buffer.concat([encodeRecords(records), header, map])
}

/** Zeros between a file's content and the next header. */
export function paddingAfter(storedBytes: number): Buffer {
  return Buffer.alloc((blockBytes - (storedBytes % blockBytes)) % blockBytes)
}

/** Two blocks of zeros end an archive. */
export const tarEnd = Buffer.alloc(2 * blockBytes)

/** What does not fit the header's fields. */
function recordsOf(member: TarMember, size: number): PaxRecords {
  const records: PaxRecords = new Map(member.attributes)
  if (member.extents) {
    records.set('GNU.sparse.major', Buffer.from('1'))
    records.set('GNU.sparse.minor', Buffer.from('0'))
    records.set('GNU.sparse.name', member.path)
    records.set('GNU.sparse.realsize', Buffer.from(String(member.logicalBytes)))
  } else if (member.path.length > 100) records.set('path', member.path)
  if (member.linkPath.length > 100) records.set('linkpath', member.linkPath)
  if (!fitsOctal(size, 12)) records.set('size', Buffer.from(String(size)))
  if (!fitsOctal(member.uid, 8)) records.set('uid', Buffer.from(String(member.uid)))
  if (!fitsOctal(member.gid, 8)) records.set('gid', Buffer.from(String(member.gid)))
  if (wholeSeconds(member.mtime) === null) records.set('mtime', Buffer.from(member.mtime))
  return records
}

function encodeRecords(records: PaxRecords): Buffer {
  const data = formatPaxRecords(records)
  const header = encodeHeader({
    name: Buffer.from('PaxHeader'),
    linkName: Buffer.alloc(0),
    typeFlag: 'x',
    size: data.length,
    mode: 0o600,
    uid: 0,
    gid: 0,
    mtimeSeconds: 0,
    deviceMajor: 0,
    deviceMinor: 0,
  })
  return Buffer.concat([header, data, paddingAfter(data.length)])
}

/** null: the time has a fraction, or does not fit the header */
function wholeSeconds(mtime: string): number | null {
  const seconds = Number(mtime)
  return /^\d+$/.test(mtime) && fitsOctal(seconds, 12) ? seconds : null
}
