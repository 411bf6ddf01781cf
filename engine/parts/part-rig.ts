import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { RemoteStore } from '@/engine/remote/remote-store'
import type { PartCheck, Remote } from '@/protocol/remotes'
import { readArtifact } from './part-reader'
import { type ManifestPart, PartShipper } from './part-shipper'
import { type ArtifactFacts, openArtifact, type PartWriter } from './part-writer'
import { Spool } from './spool'

/** What part tests and the soak of part damage need around a writer and a reader. */
export type PartRig = {
  controller: AbortController
  store: RemoteStore
  spool: Spool
  folder: string
  onPart: (number: number, part: ManifestPart) => void
  open: (name: string) => PartWriter
  write: (name: string, chunks: Iterable<Uint8Array>) => Promise<ArtifactFacts>
  stream: (artifact: Pick<ArtifactFacts, 'name' | 'parts'>) => AsyncIterable<Uint8Array>
  read: (artifact: Pick<ArtifactFacts, 'name' | 'parts'>) => Promise<Buffer>
  close: () => Promise<void>
}

export async function openPartRig(
  remote: Remote,
  workFolder: string,
  options: { partBytes?: number; check?: PartCheck; spoolParent?: string; bytesPerSecond?: number } = {},
): Promise<PartRig> {
  const controller = new AbortController()
  const { signal } = controller
  const temporaryFolder = join(workFolder, 'temporary')
  mkdirSync(temporaryFolder, { recursive: true, mode: 0o700 })
  const store = await RemoteStore.open(remote, {
    temporaryFolder,
    signal,
    bytesPerSecond: options.bytesPerSecond ?? null,
    log: () => {},
  })
  const folder = `rig/${randomUUID()}`
  const spool = await Spool.open(options.spoolParent ?? join(workFolder, 'spool'), randomUUID(), signal)
  const shipper = await PartShipper.open({
    store,
    folder,
    check: options.check ?? 'hash',
    signal,
    onUploadedBytes: () => {},
    log: () => {},
  })
  const rig: PartRig = {
    controller,
    store,
    spool,
    folder,
    onPart: () => {},
    open: (name) =>
      openArtifact(name, {
        spool,
        shipper,
        partBytes: options.partBytes ?? 1024 * 1024,
        zstdLevel: 3,
        signal,
        fail: (reason) => controller.abort(reason),
        onRawBytes: () => {},
        onPart: (number, part) => rig.onPart(number, part),
      }),
    write: async (name, chunks) => {
      const writer = rig.open(name)
      for (const chunk of chunks) await writer.write(chunk)
      return writer.finish()
    },
    stream: (artifact) => readArtifact(artifact, { store, folder, spool, signal, onBytes: () => {} }),
    read: async (artifact) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of rig.stream(artifact)) chunks.push(chunk)
      return Buffer.concat(chunks)
    },
    close: async () => {
      await spool.close()
      await store.close()
    },
  }
  return rig
}
