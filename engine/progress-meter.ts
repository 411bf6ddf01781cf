import type { Phase } from '@/protocol/events'
import type { RunContext } from './context'

const tickMilliseconds = 250
/** The rate is that of the last seconds, so that it follows a remote that slows down. */
const rateWindowMilliseconds = 5000

/** Counts a run's bytes and hands on the latest state a few times a second; cheap enough to be told of each chunk. */
export class ProgressMeter {
  private phase: Phase = 'preflight'
  private subject = ''
  private doneBytes = 0
  private totalBytes: number | null = null
  private uploadedBytes = 0
  private bytesPerSecond = 0
  private lastTick = 0
  private window = { at: performance.now(), bytes: 0 }

  constructor(private readonly context: Pick<RunContext, 'progress'>) {}

  /** Begins a subject of a phase; its bytes count from zero. */
  begin(phase: Phase, subject: string, totalBytes: number | null = null): void {
    this.phase = phase
    this.subject = subject.slice(0, 200)
    this.totalBytes = totalBytes
    this.doneBytes = 0
    this.bytesPerSecond = 0
    this.window = { at: performance.now(), bytes: 0 }
    this.send()
  }

  add(bytes: number): void {
    this.doneBytes += bytes
    this.tick()
  }

  uploaded(bytes: number): void {
    this.uploadedBytes = bytes
    this.tick()
  }

  private tick(): void {
    const now = performance.now()
    if (now - this.lastTick < tickMilliseconds) return
    const elapsed = now - this.window.at
    this.bytesPerSecond = Math.max(0, ((this.doneBytes - this.window.bytes) * 1000) / Math.max(elapsed, 1))
    if (elapsed > rateWindowMilliseconds) this.window = { at: now, bytes: this.doneBytes }
    this.send()
  }

  private send(): void {
    this.lastTick = performance.now()
    this.context.progress({
      phase: this.phase,
      subject: this.subject,
      doneBytes: this.doneBytes,
      totalBytes: this.totalBytes,
      bytesPerSecond: Math.round(this.bytesPerSecond),
      uploadedBytes: this.uploadedBytes,
    })
  }
}
