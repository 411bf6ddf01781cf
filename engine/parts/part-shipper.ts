import { rm } from 'node:fs/promises'
import type { RemoteStore } from '@/engine/remote/remote-store'
import type { Manifest } from '@/protocol/manifest'
import { Problem } from '@/protocol/problem'
import { hashKeepingBackends, type PartCheck } from '@/protocol/remotes'
import { type FileHashes, type HashType, hashFile, knownHashTypes } from './hash-file'
import { OneAtATime } from './one-at-a-time'

export type ManifestPart = Manifest['artifacts'][number]['parts'][number]

export type ShipperOptions = {
  store: RemoteStore
  /** of the backup, below the remote's base folder */
  folder: string
  check: PartCheck
  signal: AbortSignal
  /** bytes of all parts that have left so far, those of the part on its way included */
  onUploadedBytes: (bytes: number) => void
  log: (text: string) => void
}

/** A part that arrives altered is sent again so often in all. */
const mostUploads = 3

/**
 * Brings parts from the spool to the remote: hash, upload, check, delete from the spool. One transfer runs at a time, so that a
 * bandwidth limit holds for all together, while the check of the part before runs beside it.
 */
export class PartShipper {
  private readonly transfers = new OneAtATime()
  private uploadedBytes = 0

  private constructor(
    private readonly options: ShipperOptions,
    private readonly hashType: HashType | null,
  ) {}

  /** Asks the remote which hashes it can tell. */
  static async open(options: ShipperOptions): Promise<PartShipper> {
    if (options.store.localFile('') !== null) return new PartShipper(options, 'sha256')
    const offered = options.check === 'hash' ? await options.store.hashTypes() : []
    return new PartShipper(options, knownHashTypes.find((type) => offered.includes(type)) ?? null)
  }

  /** How parts are checked on this remote: `hash` falls back to `read back`. */
  get check(): PartCheck {
    return this.options.check === 'hash' && this.hashType === null ? 'read back' : this.options.check
  }

  /** The remote stores a hash beside each file: a later look can ask for it without reading the file. */
  private get keepsHashes(): boolean {
    return hashKeepingBackends.includes(this.options.store.remote.backend)
  }

  /** Ships one part and removes its file. Throws Problem `upload-altered` when it does not arrive as it was sent. */
  async ship(file: string, name: string, rawBytes: number): Promise<ManifestPart> {
    const hashes = await hashFile(file, this.hashType, this.options.signal)
    if (this.check === 'hash' && (await this.options.store.linkInPlace(file, `${this.options.folder}/${name}`))) {
      // the very file that was hashed now lies on the remote
      this.uploadedBytes += hashes.bytes
      this.options.onUploadedBytes(this.uploadedBytes)
      await rm(file)
      return { name, bytes: hashes.bytes, rawBytes, sha256: hashes.sha256, checked: 'hash' }
    }
    for (let upload = 1; ; upload++) {
      await this.upload(file, name, hashes.bytes)
      const checked = await this.arrived(name, hashes)
      if (checked) {
        await rm(file)
        const part = { name, bytes: hashes.bytes, rawBytes, sha256: hashes.sha256, checked }
        return checked === 'hash' && this.keepsHashes
          ? { ...part, remoteHash: `${this.hashType}:${hashes.other}` }
          : part
      }
      if (upload === mostUploads)
        throw new Problem({
          code: 'upload-altered',
          text: `${name} arrived on the remote with other content than was sent, ${mostUploads} times.`,
          action: 'Test the remote, and look at its disks and at the network in between.',
          where: `${this.options.folder}/${name}`,
        })
      this.options.log(`${name} is not on the remote as it was sent; sending it again.`)
    }
  }

  /**
   * How a part that lies on the remote already is found to be the very one, by a hash of its content; null: it is not there, or
   * is another.
   */
  async find(part: ManifestPart): Promise<PartCheck | null> {
    const path = `${this.options.folder}/${part.name}`
    const hashes = { bytes: part.bytes, sha256: part.sha256, other: null }
    const localFile = this.options.store.localFile(path)
    if (localFile !== null) return this.isSameFile(localFile, hashes)
    const known = this.hashType === 'sha256' ? `sha256:${part.sha256}` : part.remoteHash
    const type = this.hashType !== null && known?.startsWith(`${this.hashType}:`) ? this.hashType : undefined
    const found = await this.options.store.stat(path, type)
    if (found?.bytes !== part.bytes) return null
    if (found.hash === null) return this.readsBack(path, hashes)
    return known === `${type}:${found.hash}` ? 'hash' : null
  }

  private async upload(file: string, name: string, bytes: number): Promise<void> {
    await this.transfers.run(() =>
      this.options.store.upload(file, `${this.options.folder}/${name}`, (sent) =>
        this.options.onUploadedBytes(this.uploadedBytes + Math.min(sent, bytes)),
      ),
    )
    this.uploadedBytes += bytes
    this.options.onUploadedBytes(this.uploadedBytes)
  }

  /** How the part was found to be right on the remote; null when it is not. */
  private async arrived(name: string, hashes: FileHashes): Promise<PartCheck | null> {
    const { store, folder } = this.options
    const path = `${folder}/${name}`
    const localFile = store.localFile(path)
    if (localFile !== null && this.check === 'hash') return this.isSameFile(localFile, hashes)
    if (this.check === 'read back') return this.readsBack(path, hashes)
    const found = await store.stat(path, this.check === 'hash' && this.hashType ? this.hashType : undefined)
    if (found?.bytes !== hashes.bytes) return null
    if (this.check === 'size') return 'size'
    // a backend may offer a hash and yet have none of this file
    if (found.hash === null) return this.readsBack(path, hashes)
    return found.hash === hashes.other ? 'hash' : null
  }

  /** In a folder of this host the same hash is faster by ourselves: Node uses instructions that rclone 1.60 does not know. */
  private async isSameFile(localFile: string, hashes: FileHashes): Promise<PartCheck | null> {
    const found = await hashFile(localFile, null, this.options.signal)
    return found.bytes === hashes.bytes && found.sha256 === hashes.sha256 ? 'hash' : null
  }

  private async readsBack(path: string, hashes: FileHashes): Promise<PartCheck | null> {
    const found = await this.transfers.run(() => this.options.store.readBack(path))
    return found.bytes === hashes.bytes && found.sha256 === hashes.sha256 ? 'read back' : null
  }
}
