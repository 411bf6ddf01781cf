import { join } from 'node:path'
import { Problem } from '@/protocol/problem'
import type { ArtifactSink } from './artifact-sink'
import { PartCompressor } from './part-compressor'
import { mostParts, partName } from './part-name'
import type { ManifestPart, PartShipper } from './part-shipper'
import { largestPartBytes, type Spool, type SpoolPlace } from './spool'

export type WriterOptions = {
  spool: Spool
  shipper: PartShipper
  /** raw bytes after which a part is cut, exactly */
  partBytes: number
  /** room to find in the spool before a part is begun; by default that of a part that does not compress */
  reservedBytes?: number
  zstdLevel: number
  signal: AbortSignal
  /** called when a part could not be shipped; it must abort `signal` with the same reason */
  fail: (reason: unknown) => void
  onRawBytes: (bytes: number) => void
  /** called for each part that is safe on the remote, in no order */
  onPart: (number: number, part: ManifestPart) => void
}

export type ArtifactFacts = { name: string; parts: ManifestPart[]; bytes: number; rawBytes: number }

type OpenPart = { number: number; file: string; place: SpoolPlace; compressor: PartCompressor }

/** Opens an artifact for writing: its raw bytes are cut, compressed, spooled, uploaded and checked while the writer goes on. */
export function openArtifact(name: string, options: WriterOptions): PartWriter {
  return new PartWriter(name, options)
}

export class PartWriter implements ArtifactSink {
  private rawBytes = 0
  private current: OpenPart | null = null
  private readonly shipped: Promise<ManifestPart>[] = []

  constructor(
    readonly name: string,
    private readonly options: WriterOptions,
  ) {}

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.options.signal.throwIfAborted()
    const room = this.options.partBytes - (this.rawBytes % this.options.partBytes)
    const start = this.rawBytes
    this.rawBytes += chunk.length
    this.options.onRawBytes(chunk.length)
    if (this.current && chunk.length < room) return this.current.compressor.write(chunk)
    return this.writeAcross(chunk, start)
  }

  get partBytes(): number {
    return this.options.partBytes
  }

  position(): { part: number; offset: number } {
    const { partBytes } = this.options
    return { part: Math.floor(this.rawBytes / partBytes), offset: this.rawBytes % partBytes }
  }

  /** Ends the artifact and waits until every part is safe on the remote. An artifact without bytes has one part, of an empty frame. */
  async finish(): Promise<ArtifactFacts> {
    if (this.shipped.length === 0 && !this.current) this.current = await this.openPart(0)
    if (this.current) this.closePart(this.current, this.rawBytes - this.current.number * this.options.partBytes)
    const parts = await Promise.all(this.shipped)
    return {
      name: this.name,
      parts,
      bytes: parts.reduce((sum, part) => sum + part.bytes, 0),
      rawBytes: this.rawBytes,
    }
  }

  private async writeAcross(chunk: Uint8Array, start: number): Promise<void> {
    const { partBytes } = this.options
    let done = 0
    while (done < chunk.length) {
      const at = start + done
      this.current ??= await this.openPart(Math.floor(at / partBytes))
      const piece = chunk.subarray(done, done + partBytes - (at % partBytes))
      done += piece.length
      await this.current.compressor.write(piece)
      if ((start + done) % partBytes === 0) this.closePart(this.current, partBytes)
    }
  }

  private async openPart(number: number): Promise<OpenPart> {
    if (number >= mostParts)
      throw new Problem({
        code: 'too-many-parts',
        text: `${this.name} would have more than ${mostParts} parts.`,
        action: 'Choose larger parts in the plan.',
        where: this.name,
      })
    const { spool, zstdLevel, partBytes, reservedBytes, signal } = this.options
    const largestBytes = largestPartBytes(partBytes)
    const place = await spool.take(Math.min(reservedBytes ?? largestBytes, largestBytes))
    const file = join(spool.folder, partName(this.name, number))
    try {
      return { number, file, place, compressor: await PartCompressor.start(file, zstdLevel, signal) }
    } catch (error) {
      place.free()
      throw error
    }
  }

  /** Lets the part go its way; the next one is opened when its first byte comes. */
  private closePart(part: OpenPart, rawBytes: number): void {
    this.current = null
    part.place.leaving()
    const shipped = this.options.spool.track(this.ship(part, rawBytes))
    shipped.catch(this.options.fail)
    this.shipped.push(shipped)
  }

  private async ship(part: OpenPart, rawBytes: number): Promise<ManifestPart> {
    try {
      await part.compressor.finish()
      part.place.written()
      const shipped = await this.options.shipper.ship(part.file, partName(this.name, part.number), rawBytes)
      this.options.onPart(part.number, shipped)
      return shipped
    } finally {
      part.place.free()
    }
  }
}
