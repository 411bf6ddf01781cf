import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { FileHasher } from './hash-file'

const pieceBytes = 1024 * 1024

type CopyOptions = {
  /** the size that the file must have */
  bytes: number
  signal: AbortSignal
  onBytes: (copiedBytes: number) => void
}

/**
 * Copies a file of this host to `to` and returns the SHA-256 of what lies there then. null: what lies at `from` is no plain file
 * of that size, or cannot be copied; what lies at `to` is then of no use. Throws the signal's reason.
 */
export async function copyHashed(from: string, to: string, options: CopyOptions): Promise<string | null> {
  let [input, output]: (FileHandle | null)[] = [null, null]
  try {
    // a FIFO in place of the file must not hold this process, nor a link lead out of the remote
    input = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const stats = await input.stat()
    if (!stats.isFile() || stats.size !== options.bytes) return null
    output = await open(to, 'w+', 0o600)
    return await copyPieces(input, output, options)
  } catch {
    options.signal.throwIfAborted()
    return null
  } finally {
    await input?.close()
    await output?.close()
  }
}

/** Two pieces take turns: while one is written the next one is read, and what was written is read again for the hash. */
async function copyPieces(input: FileHandle, output: FileHandle, options: CopyOptions): Promise<string | null> {
  const hasher = new FileHasher(output, null)
  let [piece, spare] = [Buffer.allocUnsafe(pieceBytes), Buffer.allocUnsafe(pieceBytes)]
  let copiedBytes = 0
  let { bytesRead } = await input.read(piece, 0, pieceBytes)
  while (bytesRead > 0) {
    options.signal.throwIfAborted()
    if (copiedBytes + bytesRead > options.bytes) return null
    const [next] = await Promise.all([input.read(spare, 0, pieceBytes), output.writeFile(piece.subarray(0, bytesRead))])
    hasher.follow()
    copiedBytes += bytesRead
    options.onBytes(copiedBytes)
    ;[piece, spare] = [spare, piece]
    bytesRead = next.bytesRead
  }
  const { bytes, sha256 } = await hasher.finish(options.signal)
  return bytes === options.bytes ? sha256 : null
}
