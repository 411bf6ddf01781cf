import { type IndexEntry, indexEntrySchema } from './index-entry'
import { Problem } from './problem'

/** A line longer than this is not ours: a path and a link target have at most 4096 bytes each. */
const longestLineBytes = 64 * 1024

/** The entries of an index out of its raw bytes. Throws Problem `index-damaged` for a line that is none. */
export async function* readIndex(bytes: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<IndexEntry> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of bytes) {
    const text =
      rest.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = text.indexOf(10); end !== -1; end = text.indexOf(10, start)) {
      yield parseLine(text.toString('utf8', start, end), name)
      start = end + 1
    }
    rest = text.subarray(start)
    if (rest.length > longestLineBytes) throw damaged(name)
  }
  if (rest.length > 0) throw damaged(name)
}

function parseLine(line: string, name: string): IndexEntry {
  try {
    return indexEntrySchema.parse(JSON.parse(line))
  } catch {
    throw damaged(name)
  }
}

function damaged(name: string): Problem {
  return new Problem({
    code: 'index-damaged',
    text: `${name} holds a line that is no index entry.`,
    action: 'Choose another backup, and report this: the index was written wrongly.',
    where: name,
  })
}
