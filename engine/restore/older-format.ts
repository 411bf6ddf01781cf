import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { Problem } from '@/protocol/problem'

type Bytes = AsyncIterable<Uint8Array>

/** What a file of the older scripts is by its content; its name says little (a `.tgz` may hold a mongodump archive). */
export type OlderContent = { isGzip: boolean; format: 'tar' | 'mongodump'; raw: Bytes }

const blockBytes = 512
const mongodumpMagic = Buffer.from('6de29981', 'hex')

/**
 * Tells from its first bytes what a file is, and gives its raw bytes. Those of a gzip file end with an error unless its checksum is
 * right. Throws Problem `older-unknown`; `raw` throws `older-damaged`.
 */
export async function readOlderFormat(file: Bytes): Promise<OlderContent> {
  const outer = await peek(file)
  const isGzip = outer.start.readUInt16BE(0) === 0x1f8b
  const inner = isGzip ? await peek(unzipped(outer.all)) : outer
  return { isGzip, format: formatOf(inner.start), raw: inner.all }
}

function formatOf(start: Buffer): OlderContent['format'] {
  if (start.subarray(0, 4).equals(mongodumpMagic)) return 'mongodump'
  if (start.toString('latin1', 257, 262) === 'ustar') return 'tar'
  throw new Problem({
    code: 'older-unknown',
    text: 'This file is neither a tar file nor a mongodump archive, with gzip or without.',
    action: 'Fetch it with rclone and look at it with “file”; it may be damaged at its very beginning.',
  })
}

/** The first block of a stream, filled up with zeros, and the whole of it. */
async function peek(bytes: Bytes): Promise<{ start: Buffer; all: Bytes }> {
  const iterator = bytes[Symbol.asyncIterator]()
  const pieces: Uint8Array[] = []
  let count = 0
  while (count < blockBytes) {
    const { done, value } = await iterator.next()
    if (done) break
    pieces.push(value)
    count += value.length
  }
  const first = Buffer.concat(pieces)
  const start = Buffer.concat([first.subarray(0, blockBytes)], blockBytes)
  return { start, all: whole(first, iterator) }
}

async function* whole(first: Buffer, iterator: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield first
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}

async function* unzipped(bytes: Bytes): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip()
  const fed = pipeline(Readable.from(bytes), gunzip)
  fed.catch(() => {}) // the reader below meets the same error
  try {
    yield* gunzip
    await fed
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error
    throw new Problem(
      {
        code: 'older-damaged',
        text: 'This file is damaged or was cut short: its gzip checksum is not right.',
        action: 'Take the file of another day. What was read before the damage is not kept.',
      },
      { cause: error },
    )
  }
}
