import type { IncomingMessage } from 'node:http'

/** A form (RFC 7578) of fields whose last one is a file: the fields before it, and the file's bytes as they come. */
export type UploadForm = { fields: Record<string, string>; content: AsyncIterable<Buffer> }

const longestFieldsBytes = 256 * 1024

/** Reads up to the beginning of the file. The last field must be the file, as upload forms of cloud storages have it. */
export async function readUploadForm(request: IncomingMessage, fileField: string): Promise<UploadForm> {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1]
  if (!boundary) throw new Error('the request is no multipart form')
  const chunks = request[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let buffer = Buffer.alloc(0)
  const more = async () => {
    const next = await chunks.next()
    if (next.done) throw new Error('the form ends too early')
    if (buffer.length > longestFieldsBytes) throw new Error('the fields before the file are too long')
    buffer = Buffer.concat([buffer, next.value])
  }
  /** What stands before `mark`, which is taken away with it. */
  const upTo = async (mark: string) => {
    while (buffer.indexOf(mark) < 0) await more()
    const text = buffer.subarray(0, buffer.indexOf(mark)).toString('utf8')
    buffer = buffer.subarray(buffer.indexOf(mark) + mark.length)
    return text
  }
  const fields: Record<string, string> = {}
  await upTo(`--${boundary}\r\n`)
  for (;;) {
    const name = /name="([^"]+)"/.exec(await upTo('\r\n\r\n'))?.[1] ?? ''
    if (name === fileField) return { fields, content: withoutEnd(buffer, chunks, `\r\n--${boundary}--`) }
    fields[name] = await upTo(`\r\n--${boundary}\r\n`)
  }
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
