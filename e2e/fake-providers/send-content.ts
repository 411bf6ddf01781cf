import { pipeline } from 'node:stream/promises'
import type { ContentStore, Stored } from './content-store'
import type { Exchange } from './exchange'

/** Streams a file, or the range of it that the request asks for (RFC 9110, one range). */
export async function sendContent(exchange: Exchange, store: ContentStore, content: Stored): Promise<void> {
  const range = /^bytes=(\d+)-(\d*)$/.exec(exchange.header('range'))
  const first = range ? Number(range[1]) : 0
  const last = range?.[2] ? Math.min(Number(range[2]), content.bytes - 1) : content.bytes - 1
  if (range && first >= content.bytes) {
    exchange.send(416, null, { 'content-range': `bytes */${content.bytes}` })
    return
  }
  exchange.response.writeHead(range ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    'content-length': String(last - first + 1),
    ...(range ? { 'content-range': `bytes ${first}-${last}/${content.bytes}` } : {}),
  })
  if (exchange.spoiling) {
    const half = store.read(content.file, first, Math.max(first, Math.floor((first + last) / 2)))
    await pipeline(half, exchange.response, { end: false })
    exchange.response.destroy()
    return
  }
  if (last < first) exchange.response.end()
  else await pipeline(store.read(content.file, first, last), exchange.response)
}
