import { Problem } from '@/protocol/problem'

/** The 512-byte header block of POSIX.1-1988 ustar, as GNU tar 1.34 reads and writes it. */
export const blockBytes = 512

export type HeaderFields = {
  name: Buffer
  linkName: Buffer
  /** one character: `0` file, `1` hard link, `2` symlink, `3` `4` devices, `5` directory, `6` FIFO, `x` `g` pax, `L` `K` GNU long names */
  typeFlag: string
  size: number
  mode: number
  uid: number
  gid: number
  mtimeSeconds: number
  deviceMajor: number
  deviceMinor: number
}

const posixMagic = Buffer.from('ustar\x0000')
const gnuMagic = Buffer.from('ustar  \0')
const noBytes = Buffer.alloc(0)

/** An archive whose form is wrong at raw offset `at`. */
export function damagedTar(text: string, at: number): Problem {
  return new Problem({
    code: 'archive-damaged',
    text: `The tar archive is damaged: ${text} (at byte ${at}).`,
    action: 'Use another backup; if a new one shows the same, check memory and disks of this host.',
  })
}

/** Reads a header block whose checksum is right; any other is damaged. The buffers are copies. */
export function decodeHeader(block: Buffer, at: number): HeaderFields {
  if (checksumOf(block) !== readNumber(block, 148, 8, at)) throw damagedTar('a header has a wrong checksum', at)
  const isPosix = block.compare(posixMagic, 0, 6, 257, 263) === 0
  const isGnu = !isPosix && block.compare(gnuMagic, 0, 8, 257, 265) === 0
  if (!isPosix && !isGnu) throw damagedTar('a header is not of ustar, pax or GNU format', at)
  const name = readText(block, 0, 100)
  const prefix = isPosix ? readText(block, 345, 155) : noBytes
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    linkName: readText(block, 157, 100),
    typeFlag: String.fromCharCode(block[156] ?? 0).replace('\0', '0'),
    size: readNumber(block, 124, 12, at),
    mode: readNumber(block, 100, 8, at) & 0o7777,
    uid: readNumber(block, 108, 8, at),
    gid: readNumber(block, 116, 8, at),
    mtimeSeconds: readNumber(block, 136, 12, at),
    deviceMajor: readNumber(block, 329, 8, at),
    deviceMinor: readNumber(block, 337, 8, at),
  }
}

/** Writes a header block. Values that do not fit their field must be in a pax record besides; the field then holds 0. */
export function encodeHeader(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(blockBytes)
  fields.name.copy(block, 0, 0, 100)
  writeOctal(block, 100, 8, fields.mode)
  writeOctal(block, 108, 8, fields.uid)
  writeOctal(block, 116, 8, fields.gid)
  writeOctal(block, 124, 12, fields.size)
  writeOctal(block, 136, 12, fields.mtimeSeconds)
  block.write(fields.typeFlag, 156, 'latin1')
  fields.linkName.copy(block, 157, 0, 100)
  posixMagic.copy(block, 257)
  writeOctal(block, 329, 8, fields.deviceMajor)
  writeOctal(block, 337, 8, fields.deviceMinor)
  writeOctal(block, 148, 7, checksumOf(block))
  block[155] = 0x20
  return block
}

/** By the bytes of the field. */
const octalLimits = Array.from({ length: 13 }, (_, fieldBytes) => 8 ** (fieldBytes - 1))

/** Whether a number fits an octal field of so many bytes, one of which ends it. */
export function fitsOctal(value: number, fieldBytes: number): boolean {
  return value >= 0 && value < (octalLimits[fieldBytes] ?? 0)
}

/** The sum of all bytes, with spaces in place of the checksum itself. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20
  for (let index = 0; index < 148; index++) sum += block[index] as number
  for (let index = 156; index < blockBytes; index++) sum += block[index] as number
  return sum
}

function readText(block: Buffer, start: number, length: number): Buffer {
  if (block[start] === 0) return noBytes
  const end = block.indexOf(0, start)
  return Buffer.from(block.subarray(start, end === -1 || end > start + length ? start + length : end))
}

/** Octal digits ended by a space or NUL, or GNU's base 256 where the first bit is set (two's complement). Empty is 0. */
function readNumber(block: Buffer, start: number, length: number, at: number): number {
  const value = ((block[start] ?? 0) & 0x80) !== 0 ? readBase256(block, start, length) : readOctal(block, start, length)
  if (!Number.isSafeInteger(value)) throw damagedTar('a header has a number that is none, or too large', at)
  return value
}

function readOctal(block: Buffer, start: number, length: number): number {
  let value = 0
  let index = start
  while (index < start + length && block[index] === 0x20) index++
  for (; index < start + length; index++) {
    const digit = block[index] ?? 0
    if (digit === 0 || digit === 0x20) break
    if (digit < 0x30 || digit > 0x37) return Number.NaN
    value = value * 8 + (digit - 0x30)
  }
  return value
}

function readBase256(block: Buffer, start: number, length: number): number {
  const isNegative = block[start] === 0xff
  let value = isNegative ? -1n : BigInt((block[start] ?? 0) & 0x7f)
  for (let index = start + 1; index < start + length; index++) value = value * 256n + BigInt(block[index] ?? 0)
  return Number(value)
}

function writeOctal(block: Buffer, start: number, length: number, value: number): void {
  let left = fitsOctal(value, length) ? value : 0
  for (let index = start + length - 2; index >= start; index--) {
    block[index] = 0x30 + (left % 8)
    left = Math.floor(left / 8)
  }
}
