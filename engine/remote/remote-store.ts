import { randomBytes } from 'node:crypto'
import { link, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DeepEntry,
  Rclone,
  RcloneFailure,
  type RemoteEntry,
  type RemoteFeatures,
  type RemoteFile,
  type RemoteQuota,
} from '@/lib/rclone'
import { Problem } from '@/protocol/problem'
import { obscuredOptions, type Remote, secretOptions } from '@/protocol/remotes'
import { placeOf, reconnectWords, toRemoteProblem } from './remote-problem'

export type StoreOptions = {
  /** 0700: holds known hosts and small texts on their way */
  temporaryFolder: string
  signal: AbortSignal
  bytesPerSecond: number | null
  /** told of each failed call that is tried again */
  log: (text: string) => void
}

/** While a person waits, or nothing is at stake yet. */
export const fewAttempts = 3
/** In the middle of a run: about five minutes of a remote that is away. */
const manyAttempts = 10

/**
 * A remote as the engine sees it: files and folders named below the base folder, failures as Problems in plain words. Calls that
 * fail for a reason that may pass are tried again with growing pauses.
 */
export class RemoteStore {
  private constructor(
    readonly remote: Remote,
    private readonly rclone: Rclone,
    private readonly options: StoreOptions,
  ) {}

  /** Throws Problem `remote-reconnect-needed` for a remote of a connection that gives no access. */
  static async open(remote: Remote, options: StoreOptions): Promise<RemoteStore> {
    if ('connectionId' in remote && remote.access === null)
      throw new Problem({ ...reconnectWords, where: placeOf(remote) })
    const asked = {
      ...remote,
      secretOptions: secretOptions(remote.backend),
      obscuredOptions: obscuredOptions(remote.backend),
      crypt: remote.crypt && { ...remote.crypt, root: remote.baseFolder },
    }
    const rclone = await Rclone.open(asked, {
      temporaryFolder: options.temporaryFolder,
      signal: options.signal,
      bytesPerSecond: options.bytesPerSecond,
      pace: remote.limits,
      attempts: remote.limits?.attempts ?? manyAttempts,
      onRetry: (failure, attempt) =>
        options.log(`${toRemoteProblem(failure, remote).message} (${failure.detail}) Attempt ${attempt}.`),
    })
    return new RemoteStore(remote, rclone, options)
  }

  /** The same store with another number of attempts. Only the original needs closing. */
  withAttempts(attempts: number): RemoteStore {
    return new RemoteStore(this.remote, this.rclone.withAttempts(attempts), this.options)
  }

  close(): Promise<void> {
    return this.rclone.close()
  }

  upload(file: string, path: string, onBytes?: (bytes: number) => void): Promise<void> {
    return this.inWords(() => this.rclone.upload(file, this.full(path), onBytes))
  }

  download(path: string, file: string, onBytes?: (bytes: number) => void): Promise<void> {
    return this.inWords(() => this.rclone.download(this.full(path), file, onBytes))
  }

  /**
   * Puts a file into a remote that is a folder on the same disk, without copying a byte. False where that cannot be: another
   * disk, another kind of remote, or a bandwidth limit to keep.
   */
  async linkInPlace(file: string, path: string): Promise<boolean> {
    const localFile = this.unlimitedFile(path)
    if (localFile === null) return false
    return link(file, localFile).then(
      () => true,
      () => false,
    )
  }

  /** Writes a small text, by way of a temporary file so that it can be sent again. */
  async writeText(path: string, text: string): Promise<void> {
    const file = join(this.options.temporaryFolder, `text-${randomBytes(8).toString('hex')}`)
    try {
      await writeFile(file, text, { mode: 0o600 })
      await this.upload(file, path)
    } finally {
      await rm(file, { force: true })
    }
  }

  /** null: there is no such file */
  read(path: string, limitBytes: number): Promise<Buffer | null> {
    return this.inWords(() => this.rclone.read(this.full(path), limitBytes))
  }

  readBack(path: string): Promise<{ bytes: number; sha256: string }> {
    return this.inWords(() => this.rclone.readBack(this.full(path)))
  }

  /** The bytes of a file as they come, in one attempt. */
  async *stream(path: string): AsyncIterable<Uint8Array> {
    try {
      yield* this.rclone.stream(this.full(path))
    } catch (error) {
      throw error instanceof RcloneFailure ? toRemoteProblem(error, this.remote) : error
    }
  }

  stat(path: string, hashType?: string): Promise<RemoteFile | null> {
    return this.inWords(() => this.rclone.stat(this.full(path), hashType))
  }

  /** null: there is no such folder */
  list(path: string): Promise<RemoteEntry[] | null> {
    return this.inWords(() => this.rclone.list(this.full(path)))
  }

  /** Every file below a folder; null: there is no such folder */
  listDeep(path: string, hashType?: string): Promise<DeepEntry[] | null> {
    return this.inWords(() => this.rclone.listDeep(this.full(path), hashType))
  }

  /** The provider's own id of a file or folder; null where there is none. */
  idOf(path: string): Promise<string | null> {
    return this.inWords(() => this.rclone.idOf(this.full(path)))
  }

  makeFolder(path: string): Promise<void> {
    return this.inWords(() => this.rclone.makeFolder(this.full(path)))
  }

  deleteFile(path: string): Promise<void> {
    return this.inWords(() => this.rclone.deleteFile(this.full(path)))
  }

  deleteFolder(path: string): Promise<void> {
    return this.inWords(() => this.rclone.deleteFolder(this.full(path)))
  }

  deleteEmptyFolder(path: string): Promise<void> {
    return this.inWords(() => this.rclone.deleteEmptyFolder(this.full(path)))
  }

  async hashTypes(): Promise<string[]> {
    return (await this.features()).hashes
  }

  features(): Promise<RemoteFeatures> {
    return this.inWords(() => this.rclone.features(this.full('')))
  }

  about(): Promise<RemoteQuota | null> {
    return this.rclone.about(this.full(''))
  }

  move(from: string, to: string): Promise<void> {
    return this.inWords(() => this.rclone.move(this.full(from), this.full(to)))
  }

  /** Where a file lies as it is when the remote is a folder of this host, else null. */
  localFile(path: string): string | null {
    return this.remote.backend === 'local' && !this.remote.crypt ? this.full(path) : null
  }

  /** The same; null as well where there is a bandwidth limit to keep. */
  unlimitedFile(path: string): string | null {
    return this.options.bytesPerSecond !== null || this.remote.limits?.bandwidth ? null : this.localFile(path)
  }

  private full(path: string): string {
    // an encrypted remote begins at the base folder
    if (this.remote.crypt) return path
    return path === '' ? this.remote.baseFolder : `${this.remote.baseFolder}/${path}`
  }

  private async inWords<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation()
    } catch (error) {
      throw error instanceof RcloneFailure ? toRemoteProblem(error, this.remote) : error
    }
  }
}
