import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { askForTransfer } from '@/core/transfers/ask-for-transfer'
import { StoreFull, type EntryWriter } from '@/lib/entry-store'
import { log } from '@/lib/log'
import { Problem, type ProblemFacts, toProblemFacts } from '@/protocol/problem'
import { readIndex } from '@/protocol/read-index'
import { fillIndex } from './fill-index'
import { findReadable, type ReadableBackup } from './find-readable'
import { storeIndex } from './stored-indexes'

export type IndexFetch = {
  /** how far it is */
  entries: number
  /** 0: nobody knows yet */
  expected: number
  /** why it failed; null while it goes on */
  problem: ProblemFacts | null
}

/** A larger one is not browsed, whatever the catalogue says. */
const mostIndexBytes = 8 * 1024 ** 3

const shared = globalThis as typeof globalThis & { talekeeperFetches?: Map<string, IndexFetch> }

/** By backup: those under way, and those that failed last. */
function fetches(): Map<string, IndexFetch> {
  shared.talekeeperFetches ??= new Map()
  return shared.talekeeperFetches
}

export function indexFetchOf(backupId: string): IndexFetch | null {
  return fetches().get(backupId) ?? null
}

/** Begins to fetch and store the index of a backup, unless that is under way. It goes on when this returns: see `indexFetchOf`. */
export function beginIndexFetch(backupId: string): void {
  const running = fetches().get(backupId)
  if (running && !running.problem) return
  const fetch: IndexFetch = { entries: 0, expected: 0, problem: null }
  fetches().set(backupId, fetch)
  fetchIndex(backupId, fetch).then(
    () => fetches().delete(backupId),
    (error: unknown) => {
      if (!(error instanceof Problem)) log.error({ err: error, backupId }, 'an index could not be stored')
      fetch.problem = toProblemFacts(error)
    },
  )
}

async function fetchIndex(backupId: string, fetch: IndexFetch): Promise<void> {
  const backup = await findReadable(backupId)
  fetch.expected = backup.entries
  const limitBytes = Math.min(mostIndexBytes, backup.indexBytes)
  try {
    await storeIndex(backupId, backup.reading.backup.manifestSha256 ?? '', async (writer) => {
      for (const artifact of backup.artifacts) await fetchOne(backup, artifact, writer, limitBytes, fetch)
    })
  } catch (error) {
    throw error instanceof StoreFull ? cacheFull() : error
  }
}

async function fetchOne(
  backup: ReadableBackup,
  artifact: string,
  writer: EntryWriter,
  limitBytes: number,
  fetch: IndexFetch,
): Promise<void> {
  const { transfer, bytes, answer } = askForTransfer(backup.worker.id, {
    question: 'send-index',
    artifact,
    ...backup.reading,
  })
  const before = fetch.entries
  try {
    const lines = readIndex(uncompressed(bytes, limitBytes), artifact)
    await fillIndex(writer, artifact, lines, () => fetch.entries++)
    const { entries } = await answer
    if (fetch.entries - before !== entries) throw incomplete(fetch.entries - before, entries)
  } finally {
    transfer.end(new Error('the index is stored, or cannot be'))
  }
}

/** Takes no more than the limit, packed or unpacked: a small body can hold a large one. */
async function* uncompressed(bytes: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(bounded(bytes, limitBytes + 64 * 1024))
  const gunzip = createGunzip({ chunkSize: 64 * 1024 })
  packed.once('error', (error) => gunzip.destroy(error))
  try {
    yield* bounded(packed.pipe(gunzip), limitBytes)
  } catch (error) {
    const isForeign = error instanceof Error && 'code' in error && /^(Z_|ERR_)/.test(String(error.code))
    throw isForeign ? incomplete(0, null) : error
  } finally {
    packed.destroy()
    gunzip.destroy()
  }
}

async function* bounded(bytes: AsyncIterable<Uint8Array>, limitBytes: number): AsyncGenerator<Uint8Array> {
  let left = limitBytes
  for await (const chunk of bytes) {
    left -= chunk.length
    if (left < 0)
      throw new Problem({
        code: 'index-too-large',
        text: 'The index that the worker sends is larger than the one that was backed up.',
        action: 'Look at the worker. The backup can be restored all the same.',
      })
    yield chunk
  }
}

function incomplete(found: number, entries: number | null): Problem {
  return new Problem({
    code: 'index-incomplete',
    text:
      entries === null
        ? 'What the worker sent cannot be unpacked.'
        : `The index that arrived has ${found} entries instead of ${entries}.`,
    action: 'Try again. The backup can be restored all the same.',
  })
}

function cacheFull(): Problem {
  return new Problem({
    code: 'index-cache-full',
    text: 'The index of this backup is larger than the dashboard may keep.',
    action: 'Raise INDEX_CACHE_MEBIBYTES of the dashboard. The backup can be restored all the same.',
  })
}
