import type { IndexEntry } from '@/protocol/index-entry'
import type { PaxRecords } from './pax-records'
import type { Extents } from './sparse-map'
import { damagedTar, type HeaderFields } from './tar-header'

/** One member of a tar as its headers describe it, whatever mixture of header formats said so. */
export type TarMember = {
  /** raw offset of the first header block that belongs to it, extended headers included */
  startOffset: number
  /** bytes as they stand, without the slash that ends a directory's name */
  path: Buffer
  /** of a symlink verbatim, of a hard link the first name; else empty */
  linkPath: Buffer
  /** `unsupported`: of a kind that GNU tar does not write in POSIX format */
  type: IndexEntry['type'] | 'unsupported'
  /** bytes of content that the archive holds; a sparse file's map is not counted */
  storedBytes: number
  /** with the holes of a sparse file */
  logicalBytes: number
  /** null: not sparse */
  extents: Extents | null
  /** permission bits with setuid, setgid, sticky */
  mode: number
  uid: number
  gid: number
  /** seconds since 1970, with up to nine decimals, as they stand */
  mtime: string
  deviceMajor: number
  deviceMinor: number
  /** ACLs and extended attributes: records whose key begins with `SCHILY.` */
  attributes: PaxRecords
  /** its extended header was larger than the reader takes: name and attributes may be cut */
  isOversized: boolean
}

const types: Record<string, IndexEntry['type']> = {
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
}

const noBytes = Buffer.alloc(0)

/** Joins a header with the records before it. `at` is the raw offset of the header, for the error. */
export function toTarMember(
  header: HeaderFields,
  records: PaxRecords,
  at: number,
): Omit<TarMember, 'startOffset' | 'isOversized'> {
  const isSparse = sparseFormat(records) === '1.0'
  const named = (isSparse ? records.get('GNU.sparse.name') : undefined) ?? records.get('path') ?? header.name
  const path = withoutEndingSlashes(named)
  const type = typeOf(header, records, named.length > path.length)
  const isLink = type === 'symlink' || type === 'hardlink'
  const storedBytes = type === 'hardlink' ? 0 : (readInteger(records, 'size', at) ?? header.size)
  if (storedBytes < 0) throw damagedTar('a size is negative', at)
  return {
    path: Buffer.from(path),
    linkPath: isLink ? Buffer.from(records.get('linkpath') ?? header.linkName) : noBytes,
    type,
    storedBytes,
    logicalBytes: (isSparse ? readInteger(records, 'GNU.sparse.realsize', at) : undefined) ?? storedBytes,
    extents: isSparse ? [] : null,
    mode: header.mode,
    uid: Math.max(0, readInteger(records, 'uid', at) ?? header.uid),
    gid: Math.max(0, readInteger(records, 'gid', at) ?? header.gid),
    mtime: readTime(records, at) ?? String(header.mtimeSeconds),
    deviceMajor: header.deviceMajor,
    deviceMinor: header.deviceMinor,
    attributes: attributesOf(records),
  }
}

/** The values are copies: a member may outlive the chunk that it came in. */
function attributesOf(records: PaxRecords): PaxRecords {
  const attributes: PaxRecords = new Map()
  for (const [key, value] of records) if (key.startsWith('SCHILY.')) attributes.set(key, Buffer.from(value))
  return attributes
}

function typeOf(header: HeaderFields, records: PaxRecords, endsWithSlash: boolean): TarMember['type'] {
  const type = types[header.typeFlag] ?? 'unsupported'
  const format = sparseFormat(records)
  if (format !== null && (format !== '1.0' || type !== 'file')) return 'unsupported'
  return type === 'file' && endsWithSlash && format === null ? 'directory' : type
}

/** `1.0`, `older` for the two formats before it, null for a file that is not sparse. */
function sparseFormat(records: PaxRecords): '1.0' | 'older' | null {
  if (records.has('GNU.sparse.map') || records.has('GNU.sparse.numblocks')) return 'older'
  const version = `${records.get('GNU.sparse.major') ?? ''}.${records.get('GNU.sparse.minor') ?? ''}`
  if (version === '.') return null
  return version === '1.0' ? '1.0' : 'older'
}

function withoutEndingSlashes(path: Buffer): Buffer {
  let end = path.length
  while (end > 1 && path[end - 1] === 0x2f) end--
  return path.subarray(0, end)
}

function readInteger(records: PaxRecords, key: string, at: number): number | undefined {
  const text = records.get(key)?.toString('latin1')
  if (text === undefined) return undefined
  const value = Number(text)
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) throw damagedTar(`a record "${key}" is no number`, at)
  return value
}

function readTime(records: PaxRecords, at: number): string | undefined {
  const text = records.get('mtime')?.toString('latin1')
  if (text !== undefined && !/^-?\d{1,16}(?:\.\d{1,9})?$/.test(text))
    throw damagedTar('a record "mtime" is no time', at)
  return text
}
