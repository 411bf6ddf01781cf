import { neverStored } from '@/app/answer-route'

type Line = { at: string; level: string; text: string }

/** A run's log as a text file to save; browsers never show or run it (next.config.ts adds nosniff and a sandbox). */
export function logDownload(fileName: string, lines: Line[]): Response {
  const text = lines.map((line) => `${line.at} ${line.level.padEnd(5)} ${line.text}\n`).join('')
  return new Response(text, {
    headers: {
      ...neverStored,
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${fileName}"`,
    },
  })
}
