import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** Hash types that both rclone and Node know, the cheapest for us first: SHA-256 is computed anyway. */
export const knownHashTypes = ['sha256', 'sha1', 'md5'] as const
export type HashType = (typeof knownHashTypes)[number]

const readBytes = 1024 * 1024

export type FileHashes = { bytes: number; sha256: string; other: string | null }

/** SHA-256 of a file and, when asked for, a second hash, in one pass. */
export async function hashFile(path: string, otherType: HashType | null, signal: AbortSignal): Promise<FileHashes> {
  const sha256 = createHash('sha256')
  const other = otherType && otherType !== 'sha256' ? createHash(otherType) : null
  const buffer = Buffer.allocUnsafe(readBytes)
  const file = await open(path, 'r')
  try {
    let bytes = 0
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(buffer, 0, readBytes, null)
      if (bytesRead === 0) break
      const chunk = buffer.subarray(0, bytesRead)
      sha256.update(chunk)
      other?.update(chunk)
      bytes += bytesRead
    }
    const hash = sha256.digest('hex')
    return { bytes, sha256: hash, other: otherType === 'sha256' ? hash : (other?.digest('hex') ?? null) }
  } finally {
    await file.close()
  }
}
