import type { IncomingMessage } from 'node:http'

/** A form (RFC 7578) of fields whose last one is a file: the fields before it, and the file's bytes as they come. */
export type UploadForm = { fields: Record<string, string>; content: AsyncIterable<Buffer> }

const longestFieldsBytes = 256 * 1024

/** Reads up to the beginning of the file. The last field must be the file, as upload forms of cloud storages have it. */
export async function readUploadForm(request: IncomingMessage, fileField: string): Promise<UploadForm> {
  const reader = await openMultipart(request)
  const fields: Record<string, string> = {}
  for (;;) {
    const name = /name="([^"]+)"/.exec(await reader.upTo('\r\n\r\n'))?.[1] ?? ''
    if (name === fileField) return { fields, content: reader.rest() }
    fields[name] = await reader.upTo(reader.between)
  }
}

/** A request of two parts without names (multipart/related): the first as text, the second as it comes. */
export async function readRelated(
  request: IncomingMessage,
): Promise<{ first: string; content: AsyncIterable<Buffer> }> {
  const reader = await openMultipart(request)
  await reader.upTo('\r\n\r\n')
  const first = await reader.upTo(reader.between)
  await reader.upTo('\r\n\r\n')
  return { first, content: reader.rest() }
}

/** Stands behind the first boundary. */
async function openMultipart(request: IncomingMessage) {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1]
  if (!boundary) throw new Error('the request has no parts')
  const chunks = request[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let buffer = Buffer.alloc(0)
  const more = async () => {
    const next = await chunks.next()
    if (next.done) throw new Error('the request ends too early')
    if (buffer.length > longestFieldsBytes) throw new Error('what stands before the file is too long')
    buffer = Buffer.concat([buffer, next.value])
  }
  const reader = {
    between: `\r\n--${boundary}\r\n`,
    /** What stands before `mark`, which is taken away with it. */
    upTo: async (mark: string) => {
      while (buffer.indexOf(mark) < 0) await more()
      const text = buffer.subarray(0, buffer.indexOf(mark)).toString('utf8')
      buffer = buffer.subarray(buffer.indexOf(mark) + mark.length)
      return text
    },
    rest: () => withoutEnd(buffer, chunks, `\r\n--${boundary}--`),
  }
  await reader.upTo(`--${boundary}\r\n`)
  return reader
}

/** All but the closing mark and what follows it. A stream that ends without the mark was cut off. */
async function* withoutEnd(start: Buffer, chunks: AsyncIterator<Buffer>, mark: string): AsyncGenerator<Buffer> {
  const longestEnd = mark.length + 4
  let held = start
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    held = Buffer.concat([held, next.value])
    if (held.length <= longestEnd) continue
    yield held.subarray(0, held.length - longestEnd)
    held = held.subarray(held.length - longestEnd)
  }
  const end = held.lastIndexOf(mark)
  if (end < 0) throw new Error('the form was cut off')
  yield held.subarray(0, end)
}
