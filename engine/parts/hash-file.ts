import { createHash, type Hash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'

/** Hash types that both rclone and Node know, the cheapest for us first: SHA-256 is computed anyway. */
export const knownHashTypes = ['sha256', 'sha1', 'md5'] as const
export type HashType = (typeof knownHashTypes)[number]

const readBytes = 1024 * 1024

export type FileHashes = { bytes: number; sha256: string; other: string | null }

/** SHA-256 of a file and, when asked for, a second hash, in one pass. */
export async function hashFile(path: string, otherType: HashType | null, signal: AbortSignal): Promise<FileHashes> {
  const file = await open(path, 'r')
  try {
    return await new FileHasher(file, otherType).finish(signal)
  } finally {
    await file.close()
  }
}

/** The same hashes of a file that is still written, at its end only. Whoever opened the file closes it. */
export class FileHasher {
  private readonly sha256 = createHash('sha256')
  private readonly other: Hash | null
  private readonly buffer = Buffer.allocUnsafe(readBytes)
  private bytes = 0
  private following: Promise<void> | null = null

  constructor(
    private readonly file: FileHandle,
    private readonly otherType: HashType | null,
  ) {
    this.other = otherType && otherType !== 'sha256' ? createHash(otherType) : null
  }

  /** Begins to take what is there by now; what cannot be read shows at the end. */
  follow(): void {
    this.following ??= this.take()
      .catch(() => {})
      .finally(() => {
        this.following = null
      })
  }

  /** Takes what is left, once nobody writes any more. */
  async finish(signal: AbortSignal): Promise<FileHashes> {
    await this.following
    await this.take(signal)
    const hash = this.sha256.digest('hex')
    const other = this.otherType === 'sha256' ? hash : (this.other?.digest('hex') ?? null)
    return { bytes: this.bytes, sha256: hash, other }
  }

  private async take(signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted()
      const { bytesRead } = await this.file.read(this.buffer, 0, readBytes, this.bytes)
      if (bytesRead === 0) return
      const chunk = this.buffer.subarray(0, bytesRead)
      this.sha256.update(chunk)
      this.other?.update(chunk)
      this.bytes += bytesRead
    }
  }
}
