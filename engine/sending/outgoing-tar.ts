import type { Writable } from 'node:stream'
import { BatchedWriter } from '@/engine/files/batched-writer'
import { ContentHash } from '@/engine/files/content-hash'
import { encodeMember, paddingAfter, tarEnd } from '@/engine/files/encode-member'
import { MemberFilter } from '@/engine/files/member-filter'
import type { TarMember } from '@/engine/files/tar-member'
import { contentDiffers } from './content-problem'

type Wait = Promise<void> | undefined

/**
 * Writes a tar for a stranger's host: what could do harm where it is unpacked is left out and counted, setuid and capabilities
 * stay behind, and each file's content is compared with its hash before the next member begins.
 */
export class OutgoingTar {
  entries = 0
  leftOut = 0
  readonly #output: BatchedWriter
  readonly #hash: ContentHash
  readonly #filter = new MemberFilter({ sameInstance: false, asRoot: false })
  #file: { member: TarMember; xxh128: string | undefined } | null = null

  private constructor(stream: Writable, hash: ContentHash) {
    this.#output = new BatchedWriter(stream)
    this.#hash = hash
  }

  static async open(stream: Writable): Promise<OutgoingTar> {
    return new OutgoingTar(stream, await ContentHash.create())
  }

  /** `xxh128` undefined: a file whose holes were too large to be hashed */
  member(member: TarMember, xxh128: string | undefined): Wait {
    const verdict = this.#filter.judge(member)
    this.#file = null
    if (!('member' in verdict)) {
      this.leftOut++
      return undefined
    }
    this.entries++
    if (verdict.member.type === 'file') {
      this.#file = { member: verdict.member, xxh128 }
      this.#hash.begin(verdict.member)
    }
    return this.#output.write(encodeMember(verdict.member))
  }

  data(piece: Uint8Array): Wait {
    if (!this.#file) return undefined
    const hashed = this.#hash.update(piece)
    const written = this.#output.write(piece)
    return hashed ? hashed.then(() => written) : written
  }

  memberEnd(): Wait {
    const file = this.#file
    this.#file = null
    if (!file) return undefined
    const finish = (digest: string | null) => {
      if (file.xxh128 !== undefined && digest !== file.xxh128)
        throw contentDiffers(file.member.path, 'the content of this file is not what was backed up')
      return this.#output.write(paddingAfter(file.member.storedBytes))
    }
    return file.member.extents === null ? finish(this.#hash.finish()) : this.#hash.finishSparse().then(finish)
  }

  async end(): Promise<void> {
    await this.#output.write(tarEnd)
    await this.#output.end()
  }
}
