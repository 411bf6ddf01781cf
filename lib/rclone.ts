import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OutputTooLong, runCommand, startCommand } from './command'
import { makeEnvironment, type RcloneEnvironment, type RcloneRemote, remoteName } from './rclone-environment'
import { bandwidthPace, callPace, type RclonePace } from './rclone-pace'
import { failureReason, lastMessage, mayPassByItself, type RcloneFailureReason } from './rclone-failure'

/** The oldest rclone that is tested: Debian 12's. */
export const rcloneFloor = '1.60.1'

/** A call of rclone that failed, after all its attempts. `detail` holds no secret. */
export class RcloneFailure extends Error {
  override readonly name = 'RcloneFailure'
  readonly reason: RcloneFailureReason
  readonly detail: string
  constructor(reason: RcloneFailureReason, detail: string) {
    super(`rclone: ${reason}: ${detail}`)
    this.reason = reason
    this.detail = detail
  }
}

/** `bytes` is -1 where a backend does not tell. */
export type RemoteEntry = { name: string; bytes: number; isFolder: boolean }
/** A file anywhere below a folder; `path` begins there. */
export type DeepEntry = { path: string; bytes: number; hash: string | null }
export type RemoteFile = { bytes: number; hash: string | null }

/** `hashes` by rclone's names (`md5`, `sha1`, …) */
export type RemoteFeatures = { hashes: string[]; caseInsensitive: boolean; renames: boolean }
/** null: not told */
export type RemoteQuota = {
  totalBytes: number | null
  usedBytes: number | null
  freeBytes: number | null
  trashedBytes: number | null
}

export type RcloneOptions = {
  temporaryFolder: string
  signal?: AbortSignal | undefined
  /** of each transfer; callers that share a limit run one transfer at a time */
  bytesPerSecond?: number | null
  pace?: RclonePace | undefined
  /** Calls that fail for a reason that may pass are tried so often in all. */
  attempts: number
  /** told before each new attempt */
  onRetry?: (failure: RcloneFailure, attempt: number) => void
}

const longestListBytes = 32 * 1024 * 1024
const longestPauseMilliseconds = 60_000
const callFlags = ['--use-json-log', '--retries=1', '--contimeout=20s', '--timeout=2m', '--buffer-size=0']

/**
 * Clouds count calls (Box: 1000 a minute and user), and rclone does not heed Box's Retry-After: it must stay below by itself. A
 * short call has no more requests than the burst, one after the other, and need not be held up between them.
 * With more low-level tries than this it would go on for minutes with an access token that is over: a new rclone asks for a new one.
 */
const cloudFlags = ['--tpslimit=12', '--tpslimit-burst=10', '--low-level-retries=10']
const cloudBackends = ['box', 'drive', 'dropbox', 'onedrive']
const otherFlags = ['--low-level-retries=3']

/** Version of the rclone on PATH, such as `1.60.1`. Throws CommandNotFound. */
export async function rcloneVersion(signal?: AbortSignal): Promise<string> {
  const result = await runCommand('rclone', { arguments: ['version'], environment: { RCLONE_CONFIG: '' }, signal })
  return /rclone v(\d+\.\d+\.\d+)/.exec(result.stdout.toString('utf8'))?.[1] ?? 'unknown'
}

/** What rclone prints of all its backends and their options, as JSON of its own. Throws CommandNotFound. */
export async function rcloneProviders(signal?: AbortSignal): Promise<unknown> {
  const environment = { RCLONE_CONFIG: '' }
  const result = await runCommand('rclone', { arguments: ['config', 'providers'], environment, signal })
  return JSON.parse(result.stdout.toString('utf8'))
}

/** One remote, spoken to by one rclone process per call. Paths are rclone's own, below the remote's root. */
export class Rclone {
  private constructor(
    private readonly environment: RcloneEnvironment,
    private readonly options: RcloneOptions,
    private readonly ownFlags: string[],
  ) {}

  /** Prepares the environment; the remote itself is not touched. `close` removes what lies in the temporary folder. */
  static async open(remote: RcloneRemote, options: RcloneOptions): Promise<Rclone> {
    const environment = await makeEnvironment(remote, options.temporaryFolder)
    return new Rclone(environment, options, cloudBackends.includes(remote.backend) ? cloudFlags : otherFlags)
  }

  /** The same remote with another number of attempts. Only the original needs closing. */
  withAttempts(attempts: number): Rclone {
    return new Rclone(this.environment, { ...this.options, attempts }, this.ownFlags)
  }

  close(): Promise<void> {
    return this.environment.remove()
  }

  /**
   * Copies a local file to `path`, making folders as needed. The caller compares afterwards; rclone's own comparison would only
   * read twice. Some read-only servers answer that the new file is not found: that is `denied`.
   */
  async upload(file: string, path: string, onBytes?: (bytes: number) => void): Promise<void> {
    await meaning('not-found', 'denied', this.transfer([file, this.address(path)], onBytes))
  }

  /** Copies a file of the remote to a local one. A full disk here is `local-full`. */
  async download(path: string, file: string, onBytes?: (bytes: number) => void): Promise<void> {
    await meaning('full', 'local-full', this.transfer([this.address(path), file], onBytes))
  }

  /** The whole content of a small file; null when there is none. Longer than `limitBytes` is an error. */
  async read(path: string, limitBytes: number): Promise<Buffer | null> {
    const found = await this.callOrNull(['cat', `--count=${limitBytes + 1}`, this.address(path)], limitBytes + 1)
    if (found && found.length > limitBytes)
      throw new RcloneFailure('unknown', `the file has more than ${limitBytes} bytes`)
    // object stores answer nothing at all for a file that is not there
    if (found?.length === 0 && !(await this.stat(path))) return null
    return found
  }

  /** Reads a whole file of any length and returns its SHA-256, without keeping it. */
  async readBack(path: string): Promise<{ bytes: number; sha256: string }> {
    return this.retrying(async () => {
      const command = startCommand('rclone', {
        arguments: ['cat', ...this.flags(), ...this.bandwidth(), this.address(path)],
        environment: this.environment.variables,
        signal: this.options.signal,
      })
      const hash = createHash('sha256')
      let bytes = 0
      command.stdout?.on('data', (chunk: Buffer) => {
        hash.update(chunk)
        bytes += chunk.length
      })
      const result = await command.finished
      if (result.exitCode !== 0) throw this.failure(result.exitCode, result.stderr)
      return { bytes, sha256: hash.digest('hex') }
    })
  }

  /** The bytes of a file of any length as they come, in one attempt: what failed midway cannot be taken back. */
  async *stream(path: string): AsyncIterable<Uint8Array> {
    const command = startCommand('rclone', {
      arguments: ['cat', ...this.flags(), ...this.bandwidth(), this.address(path)],
      environment: this.environment.variables,
      signal: this.options.signal,
    })
    try {
      yield* command.stdout ?? []
      const result = await command.finished
      if (result.exitCode !== 0) throw this.failure(result.exitCode, result.stderr)
    } finally {
      command.kill('SIGKILL')
      await command.finished.catch(() => {})
    }
  }

  /** Size of a file, and its hash of the given type as the backend tells it; null when there is no such file. */
  async stat(path: string, hashType?: string): Promise<RemoteFile | null> {
    const hashFlags = hashType ? ['--hash', `--hash-type=${hashType}`] : []
    const answer = await this.callOrNull(['lsjson', '--stat', '--no-mimetype', ...hashFlags, this.address(path)])
    const entry = answer && parseEntry(JSON.parse(answer.toString('utf8')))
    return entry && !entry.isFolder ? { bytes: entry.bytes, hash: (hashType && entry.hashes[hashType]) || null } : null
  }

  /** What lies directly in a folder; null when there is no such folder (object stores answer an empty list). */
  async list(path: string): Promise<RemoteEntry[] | null> {
    const answer = await this.callOrNull(['lsjson', '--no-modtime', '--no-mimetype', this.address(path)])
    if (!answer) return null
    const entries: unknown = JSON.parse(answer.toString('utf8'))
    if (!Array.isArray(entries)) throw new RcloneFailure('unknown', 'rclone printed no list')
    return entries.map(parseEntry)
  }

  /**
   * The provider's own id of a file or folder; null where there is none, or the provider has no ids. Read out of the list of the
   * folder above, as `lsjson --stat` of rclone 1.60 tells no ids of folders.
   */
  async idOf(path: string): Promise<string | null> {
    const flags = ['--no-modtime', '--no-mimetype']
    const answer = await this.callOrNull(['lsjson', ...flags, this.address(dirname(path))], longestListBytes)
    const entries: unknown = answer ? JSON.parse(answer.toString('utf8')) : []
    if (!Array.isArray(entries)) throw new RcloneFailure('unknown', 'rclone printed no list')
    const entry = entries.find(({ Name: name }) => name === basename(path))
    return entry?.ID ? String(entry.ID) : null
  }

  /**
   * Every file below a folder, however deep, with its hash where a type is given; null when there is no such folder. More files
   * than fit in 32 MiB of rclone's words, some 200,000, are an error.
   */
  async listDeep(path: string, hashType?: string): Promise<DeepEntry[] | null> {
    const hashFlags = hashType ? ['--hash', `--hash-type=${hashType}`] : []
    const flags = ['-R', '--files-only', '--no-modtime', '--no-mimetype', ...hashFlags]
    const answer = await this.callOrNull(['lsjson', ...flags, this.address(path)], longestListBytes)
    if (!answer) return null
    const entries: unknown = JSON.parse(answer.toString('utf8'))
    if (!Array.isArray(entries)) throw new RcloneFailure('unknown', 'rclone printed no list')
    return entries.map((entry) => {
      const { bytes, hashes } = parseEntry(entry)
      return { path: String(entry.Path), bytes, hash: (hashType && hashes[hashType]) || null }
    })
  }

  async makeFolder(path: string): Promise<void> {
    await this.call(['mkdir', this.address(path)])
  }

  async deleteFile(path: string): Promise<void> {
    await this.callOrNull(['deletefile', this.address(path)])
  }

  /** Deletes a folder with all that lies in it. */
  async deleteFolder(path: string): Promise<void> {
    if (path.split('/').filter(Boolean).length < 2) throw new Error(`refusing to delete ${path}: too near the root`)
    await this.callOrNull(['purge', this.address(path)])
  }

  /** Deletes a folder that is empty; anything else is an error. */
  async deleteEmptyFolder(path: string): Promise<void> {
    await this.callOrNull(['rmdir', this.address(path)])
  }

  /** Moves or renames a file; where the backend cannot, rclone copies and deletes. */
  async move(from: string, to: string): Promise<void> {
    await this.call(['moveto', this.address(from), this.address(to)])
  }

  /** What the backend can do. SFTP is asked over the line which hashes it has. */
  async features(path: string): Promise<RemoteFeatures> {
    const answer = await this.call(['backend', 'features', this.address(path)])
    const printed: unknown = JSON.parse(answer.toString('utf8'))
    const part = (name: string): unknown =>
      printed && typeof printed === 'object' ? (printed as Record<string, unknown>)[name] : null
    const hashes = part('Hashes')
    const features = part('Features')
    const has = (name: string) =>
      features !== null && typeof features === 'object' && (features as Record<string, unknown>)[name] === true
    return {
      hashes: Array.isArray(hashes) ? hashes.map(String) : [],
      caseInsensitive: has('CaseInsensitive'),
      renames: has('Move') || has('Copy'),
    }
  }

  /** How much room there is, as far as the backend tells; null where it cannot, or this rclone does not understand it. */
  async about(path: string): Promise<RemoteQuota | null> {
    try {
      const printed: unknown = JSON.parse((await this.call(['about', '--json', this.address(path)])).toString('utf8'))
      const of = (name: string) => {
        const value = printed && typeof printed === 'object' ? (printed as Record<string, unknown>)[name] : null
        return typeof value === 'number' && value >= 0 ? value : null
      }
      return { totalBytes: of('total'), usedBytes: of('used'), freeBytes: of('free'), trashedBytes: of('trashed') }
    } catch (error) {
      if (error instanceof RcloneFailure || error instanceof SyntaxError) return null
      throw error
    }
  }

  private flags(): string[] {
    return [...callFlags, ...this.ownFlags, ...callPace(this.options.pace ?? {})]
  }

  private bandwidth(): string[] {
    return bandwidthPace(this.options.pace ?? {}, this.options.bytesPerSecond)
  }

  private address(path: string): string {
    return `${remoteName}:${path}`
  }

  private async transfer(addresses: [string, string], onBytes?: (bytes: number) => void): Promise<void> {
    const flags = ['--ignore-checksum', '--ignore-times', '--stats=1s', '--stats-log-level=NOTICE', ...this.bandwidth()]
    await this.retrying(async () => {
      const command = startCommand('rclone', {
        arguments: ['copyto', ...this.flags(), ...flags, ...addresses],
        environment: this.environment.variables,
        stdout: 'ignore',
        signal: this.options.signal,
        onStderrLine: (line) => {
          const bytes = transferredBytes(line)
          if (bytes !== null) onBytes?.(bytes)
        },
      })
      const result = await command.finished
      if (result.exitCode !== 0) throw this.failure(result.exitCode, result.stderr)
    })
  }

  private call(callArguments: string[], limitBytes?: number): Promise<Buffer> {
    return this.retrying(async () => {
      const result = await runCommand('rclone', {
        arguments: [...callArguments, ...this.flags()],
        environment: this.environment.variables,
        signal: this.options.signal,
        ...(limitBytes === undefined ? {} : { limitBytes }),
      }).catch((error: unknown) => {
        throw error instanceof OutputTooLong ? new RcloneFailure('too-long', error.message) : error
      })
      if (result.exitCode !== 0) throw this.failure(result.exitCode, result.stderr)
      return result.stdout
    })
  }

  private async callOrNull(callArguments: string[], limitBytes?: number): Promise<Buffer | null> {
    try {
      return await this.call(callArguments, limitBytes)
    } catch (error) {
      if (error instanceof RcloneFailure && error.reason === 'not-found') return null
      throw error
    }
  }

  private failure(exitCode: number | null, stderr: string): RcloneFailure {
    const { secrets, hasTokens } = this.environment
    return new RcloneFailure(failureReason(exitCode, stderr, hasTokens), lastMessage(stderr, secrets))
  }

  private async retrying<T>(operation: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await operation()
      } catch (error) {
        const again = error instanceof RcloneFailure && mayPassByItself(error.reason) && attempt < this.options.attempts
        if (!again) throw error
        this.options.onRetry?.(error, attempt + 1)
        const pause = Math.min(500 * 2 ** (attempt - 1), longestPauseMilliseconds)
        await pauseFor(pause * (0.75 + Math.random() / 2), this.options.signal)
      }
    }
  }
}

/** Gives a failure the reason that it has in this call. */
async function meaning(reason: RcloneFailureReason, means: RcloneFailureReason, work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (error) {
    throw error instanceof RcloneFailure && error.reason === reason ? new RcloneFailure(means, error.detail) : error
  }
}

async function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

function parseEntry(value: unknown): RemoteEntry & { hashes: Record<string, string> } {
  if (!value || typeof value !== 'object' || !('Name' in value) || !('Size' in value) || !('IsDir' in value))
    throw new RcloneFailure('unknown', 'rclone printed something else than a directory entry')
  const hashes = 'Hashes' in value && value.Hashes && typeof value.Hashes === 'object' ? value.Hashes : {}
  return {
    name: String(value.Name),
    bytes: Number(value.Size),
    isFolder: value.IsDir === true,
    hashes: Object.fromEntries(Object.entries(hashes).map(([type, hash]) => [type, String(hash)])),
  }
}

/** Bytes of the running transfer, out of one line of `--use-json-log --stats`; null for any other line. */
function transferredBytes(line: string): number | null {
  if (!line.startsWith('{') || !line.includes('"stats"')) return null
  try {
    const parsed: unknown = JSON.parse(line)
    const stats = parsed && typeof parsed === 'object' && 'stats' in parsed ? parsed.stats : null
    return stats && typeof stats === 'object' && 'bytes' in stats ? Number(stats.bytes) : null
  } catch {
    return null
  }
}
