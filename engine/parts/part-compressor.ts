import { type FileHandle, open } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { type RunningCommand, startCommand } from '@/lib/command'
import { Problem } from '@/protocol/problem'
import { spoolFull } from './spool'

/** Raw bytes that may wait in this process before the writer has to. */
const queueBytes = 512 * 1024
/** With jobs of 2 MiB zstd needs 25 MB of memory instead of 80, and loses 0.3 % of size; larger windows want its own choice. */
const highestLevelWithSmallJobs = 6

/** One zstd process that compresses one part: its output goes straight to the file and never through this process. */
export class PartCompressor {
  private waiting: { resolve: () => void; reject: (reason: unknown) => void } | null = null
  private failure: unknown = null
  private readonly result: Promise<number>

  private constructor(
    private readonly stdin: Writable,
    command: RunningCommand,
    output: FileHandle,
    file: string,
  ) {
    this.result = this.watch(command, output, file)
    this.result.catch((reason: unknown) => {
      this.failure = reason
      this.waiting?.reject(reason)
    })
    stdin.on('drain', () => this.waiting?.resolve())
    stdin.on('error', () => {}) // zstd ended early: its exit tells why
  }

  static async start(file: string, level: number, signal: AbortSignal): Promise<PartCompressor> {
    const output = await open(file, 'wx', 0o600)
    try {
      const jobSize = level <= highestLevelWithSmallJobs ? ['-B2MiB'] : []
      const command = startCommand('zstd', {
        arguments: ['-q', '-c', '-T2', ...jobSize, `-${level}`],
        stdin: 'pipe',
        stdout: output.fd,
        signal,
      })
      return new PartCompressor(command.stdin as Writable, command, output, file)
    } catch (error) {
      await output.close()
      throw error
    }
  }

  /** Takes the next raw bytes; returns a promise when the caller must wait. Throws what ended zstd early. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    if (this.failure) throw this.failure
    this.stdin.write(chunk)
    if (this.stdin.writableLength < queueBytes) return undefined
    return new Promise<void>((resolve, reject) => {
      this.waiting = { resolve, reject }
    }).finally(() => {
      this.waiting = null
    })
  }

  /** Ends the part and returns the size of the file in bytes. */
  finish(): Promise<number> {
    this.stdin.end()
    return this.result
  }

  private async watch(command: RunningCommand, output: FileHandle, file: string): Promise<number> {
    try {
      const { exitCode, endedBy, stderr } = await command.finished
      if (exitCode === 0) return (await output.stat()).size
      if (/no space left|disk quota/i.test(stderr)) throw spoolFull(file)
      throw new Problem({
        code: 'compression-failed',
        text: `zstd failed (${exitCode ?? endedBy}): ${stderr.trim().split('\n').at(-1) ?? ''}`.slice(0, 500),
        action: 'Look at the host’s memory and disks, then run the backup again.',
        where: file,
      })
    } finally {
      await output.close()
    }
  }
}
