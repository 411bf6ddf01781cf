import { damagedTar } from './tar-header'

/**
 * The records of a pax extended header (POSIX.1-2001), `<length> <key>=<value>\n` each; the length counts itself. Keys are kept
 * as latin1 text and values as bytes, since names and attributes may hold any.
 */
export type PaxRecords = Map<string, Buffer>

/** `at` is the raw offset of `data`, for the error. The values are views of `data`. */
export function parsePaxRecords(data: Buffer, at: number): PaxRecords {
  const records: PaxRecords = new Map()
  let start = 0
  while (start < data.length) {
    const space = data.indexOf(0x20, start)
    const digits = space === -1 || space - start > 10 ? '' : data.toString('latin1', start, space)
    const end = start + Number(digits)
    const equals = data.indexOf(0x3d, space)
    if (!/^[1-9]\d*$/.test(digits) || end > data.length || data[end - 1] !== 0x0a || equals === -1 || equals >= end)
      throw damagedTar('an extended header has a wrong record', at + start)
    records.set(data.toString('latin1', space + 1, equals), data.subarray(equals + 1, end - 1))
    start = end
  }
  return records
}

export function formatPaxRecords(records: PaxRecords): Buffer {
  return Buffer.concat([...records].map(([key, value]) => formatRecord(Buffer.from(key, 'latin1'), value)))
}

function formatRecord(key: Buffer, value: Buffer): Buffer {
  const body = 1 + key.length + 1 + value.length + 1
  let length = body + String(body).length
  if (String(length).length > String(body).length) length = body + String(length).length
  return Buffer.concat([Buffer.from(`${length} `), key, Buffer.from('='), value, Buffer.from('\n')])
}
