import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { spoolFullWords } from '@/engine/remote/remote-problem'
import { Problem } from '@/protocol/problem'

/** Parts in the spool at any moment: one written, one on its way, one that is checked or waits. */
const mostParts = 3
/** Left free for everybody else on that disk. */
const spareBytes = 1024 * 1024

/** A part's place in the spool, taken before its first byte is written. */
export type SpoolPlace = {
  /** The part is complete and will be gone without any further help of its writer. */
  leaving: () => void
  /** All its bytes are on the disk, where its free space shows them. */
  written: () => void
  free: () => void
}

type Waiter = { bytes: number; resolve: (place: SpoolPlace) => void; reject: (reason: unknown) => void }

/** A run's folder for parts on their way. It bounds their number and watches the free space of its disk. */
export class Spool {
  readonly folder: string
  private taken = 0
  private leaving = 0
  /** most bytes that parts which are complete, but not yet compressed to their end, may still take of the disk */
  private unwrittenBytes = 0
  private readonly waiters: Waiter[] = []
  private readonly pending = new Set<Promise<unknown>>()

  private constructor(folder: string) {
    this.folder = folder
  }

  /** Makes the run's folder (0700) below `parent`, free of what an earlier attempt may have left. */
  static async open(parent: string, name: string, signal: AbortSignal): Promise<Spool> {
    const spool = new Spool(join(parent, name))
    await rm(spool.folder, { recursive: true, force: true })
    await mkdir(spool.folder, { recursive: true, mode: 0o700 })
    signal.addEventListener('abort', () => spool.abandon(signal.reason), { once: true })
    return spool
  }

  /** Waits for a place for a part of at most `bytes`. Throws Problem `spool-full` when the disk has no room and none will come. */
  take(bytes: number): Promise<SpoolPlace> {
    return new Promise((resolve, reject) => {
      this.waiters.push({ bytes, resolve, reject })
      this.serve()
    })
  }

  /** `close` waits for this to settle, however it does, so that nothing writes into a folder that is gone. */
  track<T>(work: Promise<T>): Promise<T> {
    const settled: Promise<void> = work.then(
      () => void this.pending.delete(settled),
      () => void this.pending.delete(settled),
    )
    this.pending.add(settled)
    return work
  }

  /** Waits for the tracked work (abort it first where there is no time) and removes the folder with all that lies in it. */
  async close(): Promise<void> {
    while (this.pending.size) await Promise.all(this.pending)
    await rm(this.folder, { recursive: true, force: true })
  }

  private serve(): void {
    this.track(this.serveWaiters()).catch((reason: unknown) => this.abandon(reason))
  }

  private async serveWaiters(): Promise<void> {
    if (this.taken >= mostParts || this.waiters.length === 0) return
    const freeBytes = await freeBytesOf(this.folder)
    while (this.taken < mostParts && this.waiters[0]) {
      const waiter = this.waiters[0]
      const hasRoom = freeBytes >= waiter.bytes + this.unwrittenBytes + spareBytes
      if (!hasRoom && this.leaving > 0) return
      this.waiters.shift()
      if (hasRoom) waiter.resolve(this.newPlace(waiter.bytes))
      else waiter.reject(spoolFull(this.folder))
    }
  }

  private newPlace(bytes: number): SpoolPlace {
    this.taken++
    const state = { leaving: false, unwritten: false, free: false }
    const written = () => {
      if (!state.unwritten) return
      state.unwritten = false
      this.unwrittenBytes -= bytes
      this.serve()
    }
    return {
      leaving: () => {
        if (state.leaving) return
        state.leaving = true
        state.unwritten = true
        this.leaving++
        this.unwrittenBytes += bytes
      },
      written,
      free: () => {
        if (state.free) return
        state.free = true
        this.taken--
        if (state.leaving) this.leaving--
        written()
        this.serve()
      },
    }
  }

  private abandon(reason: unknown): void {
    for (const waiter of this.waiters.splice(0)) waiter.reject(reason)
  }
}

/** Bytes that a normal process may still write on the disk of `folder`. */
export async function freeBytesOf(folder: string): Promise<number> {
  const facts = await statfs(folder)
  return facts.bavail * facts.bsize
}

/** Throws Problem `spool-full` when the spool's disk cannot hold even one part that does not compress. */
export async function requireSpoolSpace(folder: string, partBytes: number): Promise<void> {
  const freeBytes = await freeBytesOf(folder)
  const neededBytes = largestPartBytes(partBytes) + spareBytes
  if (freeBytes < neededBytes) throw spoolFull(folder, { freeBytes, neededBytes })
}

/** A part of data that does not compress is larger than its raw bytes by a trifle. */
export function largestPartBytes(partBytes: number): number {
  return partBytes + Math.ceil(partBytes / 256) + 64 * 1024
}

export function spoolFull(folder: string, space?: { freeBytes: number; neededBytes: number }): Problem {
  const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 ** 2)} MiB`
  const text = space
    ? `The disk that holds the spool has ${mebibytes(space.freeBytes)} free; a part may need ${mebibytes(space.neededBytes)}.`
    : spoolFullWords.text
  return new Problem({ ...spoolFullWords, text, where: folder })
}
