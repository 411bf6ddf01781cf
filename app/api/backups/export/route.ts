import { z } from 'zod'
import { orderOf } from '@/app/(admin)/backups/filter'
import { filterOf, readSearch } from '@/app/(admin)/backups/read-search'
import { answerRoute, neverStored } from '@/app/answer-route'
import { type ExportedBackup, exportBackups } from '@/core/backups/export-backups'
import { Problem } from '@/protocol/problem'
import { csvHead, csvRow } from './csv'

const formats = {
  csv: { type: 'text/csv; charset=utf-8; header=present', write: writeCsv },
  json: { type: 'application/json', write: writeJson },
}

/**
 * GET: the backups that the list's filter leaves, as a file to save, whatever their number: read and sent bit by bit. A filter
 * that cannot be read is refused, as a file does not tell what was left out.
 */
export function GET(request: Request): Promise<Response> {
  return answerRoute('view', async () => {
    const { format, ...parameters } = Object.fromEntries(new URL(request.url).searchParams)
    const chosen = z.enum(['csv', 'json']).safeParse(format)
    if (!chosen.success) throw invalid('The format must be csv or json.')
    const { search, ignored } = readSearch(parameters)
    if (ignored.length) throw invalid(`This part of the filter cannot be read: ${ignored.join(', ')}.`)
    const { type, write } = formats[chosen.data]
    const backups = exportBackups(filterOf(search), orderOf(search))
    const name = `backups-${new Date().toISOString().slice(0, 10)}.${chosen.data}`
    return new Response(streamOf(encode(write(backups))), {
      headers: {
        ...neverStored,
        'content-type': type,
        'content-disposition': `attachment; filename="${name}"`,
      },
    })
  })
}

async function* writeCsv(backups: AsyncIterable<ExportedBackup>): AsyncGenerator<string> {
  yield csvHead
  for await (const backup of backups) yield csvRow(backup)
}

async function* writeJson(backups: AsyncIterable<ExportedBackup>): AsyncGenerator<string> {
  yield '['
  let between = '\n'
  for await (const backup of backups) {
    yield `${between}${JSON.stringify(backup)}`
    between = ',\n'
  }
  yield '\n]\n'
}

const chunkCharacters = 64 * 1024

/** Gathers the lines into chunks that are worth a packet. */
async function* encode(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let waiting = ''
  for await (const line of lines) {
    waiting += line
    if (waiting.length < chunkCharacters) continue
    yield encoder.encode(waiting)
    waiting = ''
  }
  yield encoder.encode(waiting)
}

/** Reads on when the browser has taken what was sent; a fault breaks the download off, so that half a file is not taken for all. */
function streamOf(chunks: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => {
      await chunks.return(undefined)
    },
  })
}

function invalid(text: string): Problem {
  return new Problem({ code: 'invalid-request', text, action: 'Export from the list of backups.' })
}
