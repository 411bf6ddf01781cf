import { Readable } from 'node:stream'
import { neverStored } from '@/app/answer-route'

type Line = { at: string; level: string; text: string }

/** A run's log as a text file to save; browsers never show or run it (next.config.ts adds nosniff and a sandbox). */
export function logDownload(fileName: string, lines: AsyncIterable<Line>): Response {
  return new Response(Readable.toWeb(Readable.from(encoded(lines))) as ReadableStream, {
    headers: {
      ...neverStored,
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  })
}

async function* encoded(lines: AsyncIterable<Line>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for await (const line of lines) yield encoder.encode(`${line.at} ${line.level.padEnd(5)} ${line.text}\n`)
}
