import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RemoteStore } from '@/engine/remote/remote-store'
import { startCommand } from '@/lib/command'
import type { ManifestArtifact } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { copyHashed } from './copy-hashed'
import { hashFile } from './hash-file'
import type { ManifestPart } from './part-shipper'
import type { Spool } from './spool'

export type ReaderOptions = {
  store: RemoteStore
  /** of the backup, below the remote's base folder */
  folder: string
  spool: Spool
  signal: AbortSignal
  onBytes: (rawBytes: number) => void
  /** told of each part that arrived */
  onFetched?: (bytes: number) => void
}

/** zstd refuses windows above this, so that a hostile frame cannot take the host's memory. */
const mostWindow = '128MB'

/**
 * The raw bytes of an artifact. Each part's size and SHA-256 are checked in the spool before its first byte reaches zstd, the next
 * part is fetched meanwhile, and each must give exactly the raw bytes that the manifest says. Throws Problem `part-missing`,
 * `part-altered` or `part-damaged`, before any byte of a part that is not as it was made was handed out.
 */
export async function* readArtifact(
  artifact: Pick<ManifestArtifact, 'name' | 'parts'>,
  options: ReaderOptions,
): AsyncGenerator<Uint8Array> {
  const fetchNext = (part: ManifestPart | undefined) => {
    const fetched = part ? options.spool.track(fetchPart(part, options)) : null
    fetched?.catch(() => {}) // awaited when its turn comes; until then it must not end the process
    return fetched
  }
  let next = fetchNext(artifact.parts[0])
  for (const [number, part] of artifact.parts.entries()) {
    const file = await next
    next = fetchNext(artifact.parts[number + 1])
    if (file === null) continue
    try {
      yield* decompress(file, part, options)
    } finally {
      await rm(file, { force: true })
    }
  }
}

/**
 * Brings one part into the spool, and returns its file once size and SHA-256 are as they were made. Throws Problem `part-missing`,
 * `part-altered`.
 */
export async function fetchPart(
  part: ManifestPart,
  options: FetchOptions,
  onFetchedBytes?: (bytes: number) => void,
): Promise<string> {
  const path = `${options.folder}/${part.name}`
  const file = join(options.spool.folder, part.name)
  const sha256 =
    (await copyHere(part, path, file, options, onFetchedBytes)) ??
    (await download(part, path, file, options, onFetchedBytes))
  options.onFetched?.(part.bytes)
  if (sha256 !== part.sha256)
    throw damage('part-altered', `${part.name} was altered on the remote, or on the way here.`, path)
  return file
}

type FetchOptions = Pick<ReaderOptions, 'store' | 'folder' | 'spool' | 'signal' | 'onFetched'>

/** SHA-256 of the copy; null where the part must be downloaded, which also tells what is wrong with it. */
async function copyHere(
  part: ManifestPart,
  path: string,
  file: string,
  { store, signal }: FetchOptions,
  onBytes: (bytes: number) => void = () => {},
): Promise<string | null> {
  const localFile = store.unlimitedFile(path)
  return localFile === null ? null : copyHashed(localFile, file, { bytes: part.bytes, signal, onBytes })
}

/** SHA-256 of what came. */
async function download(
  part: ManifestPart,
  path: string,
  file: string,
  options: FetchOptions,
  onBytes?: (bytes: number) => void,
): Promise<string> {
  const found = await options.store.stat(path)
  if (!found) throw damage('part-missing', `${part.name} is missing on the remote.`, path)
  if (found.bytes !== part.bytes)
    throw damage(
      'part-altered',
      `${part.name} has ${found.bytes} bytes on the remote; it was made with ${part.bytes}.`,
      path,
    )
  await options.store.download(path, file, onBytes)
  return (await hashFile(file, null, options.signal)).sha256
}

async function* decompress(file: string, part: ManifestPart, options: ReaderOptions): AsyncGenerator<Uint8Array> {
  const input = await open(file, 'r')
  const command = startCommand('zstd', {
    arguments: ['-d', '-q', '-c', `--memory=${mostWindow}`],
    stdin: input.fd,
    signal: options.signal,
  })
  let ended = false
  try {
    let rawBytes = 0
    for await (const chunk of command.stdout as AsyncIterable<Buffer>) {
      rawBytes += chunk.length
      if (rawBytes > part.rawBytes) break
      options.onBytes(chunk.length)
      yield chunk
    }
    if (rawBytes > part.rawBytes)
      throw damage('part-damaged', `${part.name} holds more bytes than the manifest says.`, part.name)
    const { exitCode } = await command.finished
    ended = true
    if (exitCode !== 0 || rawBytes !== part.rawBytes)
      throw damage('part-damaged', `${part.name} does not hold what the manifest says.`, part.name)
  } finally {
    if (!ended) command.kill('SIGKILL')
    await command.finished.catch(() => {})
    await input.close()
  }
}

function damage(code: string, text: string, where: string): Problem {
  return new Problem({
    code,
    text,
    action: 'Choose another backup, and let this one be checked. Nothing was changed.',
    where,
  })
}
